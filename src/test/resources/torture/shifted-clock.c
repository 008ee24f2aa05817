/* Preloaded into a process, shifts the time of day it reads by the nanoseconds in the first eight bytes of the file
   SHIFTED_CLOCK names, which may change at any moment. Monotonic time stays as it is, and so does the length of every
   wait: one until a time of day is until that time by the shifted clock. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static const int64_t GIGA = 1000000000;
static int64_t none;
static volatile const int64_t *shift = &none;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
  real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
  const char *name = getenv("SHIFTED_CLOCK");
  int file = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
  void *page = file < 0 ? MAP_FAILED : mmap(0, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
  if (page != MAP_FAILED) shift = page;
}

static struct timespec later(const struct timespec *time, int64_t by) {
  int64_t nanos = time->tv_sec * GIGA + time->tv_nsec + by;
  return (struct timespec){nanos / GIGA, nanos % GIGA};
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (!real) begin();
  int failed = real(clock, now);
  if (!failed && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) *now = later(now, *shift);
  return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  (void)zone;
  struct timespec precise;
  int failed = clock_gettime(CLOCK_REALTIME, &precise);
  *now = (struct timeval){precise.tv_sec, precise.tv_nsec / 1000};
  return failed;
}

time_t time(time_t *now) {
  struct timespec precise;
  clock_gettime(CLOCK_REALTIME, &precise);
  if (now) *now = precise.tv_sec;
  return precise.tv_sec;
}

int pthread_cond_timedwait(pthread_cond_t *restrict woken, pthread_mutex_t *restrict held,
                           const struct timespec *restrict until) {
  /* No machine has been up for thirty years: that many seconds are a time of day. */
  if (until->tv_sec < GIGA) return pthread_cond_clockwait(woken, held, CLOCK_MONOTONIC, until);
  struct timespec unshifted = later(until, -*shift);
  return pthread_cond_clockwait(woken, held, CLOCK_REALTIME, &unshifted);
}
