-- Up to when every scheduled time of a job has its row in fire, and by which timetable.
CREATE TABLE job_schedule (
  job           VARCHAR(63)   PRIMARY KEY,
  timetable     VARCHAR(1000) NOT NULL,
  decided_until TIMESTAMP WITH TIME ZONE NOT NULL
);

-- What became of each scheduled time of a job: a round, or the reason why there is none.
CREATE TABLE fire (
  job        VARCHAR(63) NOT NULL,
  fire_time  TIMESTAMP WITH TIME ZONE NOT NULL,
  decided_at TIMESTAMP WITH TIME ZONE NOT NULL,
  round_id   BIGINT,                                       -- by value, so that it outlives retention
  reason     VARCHAR(20) CHECK (reason IN ('SKIPPED_OVERLAP', 'MISSED', 'START_DEADLINE', 'REPLACED', 'PAUSED', 'FAILED_TO_OPEN')),
  detail     VARCHAR(300),
  PRIMARY KEY (job, fire_time),
  CHECK ((round_id IS NULL) = (reason IS NOT NULL))
);

-- What an operator wants of the scheduler; written by any process, read by the one that serves.
CREATE TABLE job_control (
  job          VARCHAR(63) PRIMARY KEY,
  paused       BOOLEAN     DEFAULT FALSE NOT NULL,
  run_asked_at TIMESTAMP WITH TIME ZONE                    -- one round by hand, as soon as may be; null once it was taken up
);
