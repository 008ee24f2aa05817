package org.axonometer.sr25519;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Arithmetic modulo the order of the group, on 32 bytes in little-endian order. For secrets: takes
 * time that does not depend on the values and overwrites every array of its own. Multiplies after
 * Montgomery, with 8 limbs of 32 bits.
 */
final class ScalarMath {
  private static final int LIMBS = 8;
  private static final long LOW = 0xffff_ffffL;

  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final int[] ORDER = limbs(L);
  private static final int[] ONE = limbs(BigInteger.ONE);

  /** 2 to the 512th: what a factor is multiplied by before it is multiplied again. */
  private static final int[] SQUARED_RADIX = limbs(BigInteger.TWO.pow(512).mod(L));

  /** Minus one over the order, modulo the size of a limb. */
  private static final int INVERSE =
      L.modInverse(BigInteger.TWO.pow(32)).negate().mod(BigInteger.TWO.pow(32)).intValue();

  private ScalarMath() {}

  /** Whether the number is below the order. */
  static boolean isCanonical(byte[] scalar) {
    int[] number = limbs(scalar, 0);
    int[] difference = new int[LIMBS];
    int borrow = subtract(number, ORDER, difference);
    Arrays.fill(number, 0);
    Arrays.fill(difference, 0);
    return borrow != 0;
  }

  /** {@code a * b + c}, each below the order. */
  static byte[] multiplyAdd(byte[] a, byte[] b, byte[] c) {
    int[] first = limbs(a, 0);
    int[] second = limbs(b, 0);
    int[] third = limbs(c, 0);
    multiply(first, SQUARED_RADIX, first);
    multiply(first, second, second);
    byte[] sum = sum(second, third);
    wipe(first, second, third);
    return sum;
  }

  /** A number of 64 bytes modulo the order. */
  static byte[] reduce(byte[] wide) {
    int[] low = limbs(wide, 0);
    int[] high = limbs(wide, 4 * LIMBS);
    multiply(low, SQUARED_RADIX, low);
    multiply(low, ONE, low);
    multiply(high, SQUARED_RADIX, high);
    byte[] sum = sum(low, high);
    wipe(low, high);
    return sum;
  }

  /** Of two numbers below the order; overwrites the second. */
  private static byte[] sum(int[] a, int[] b) {
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += (a[i] & LOW) + (b[i] & LOW);
      b[i] = (int) carry;
      carry >>>= 32;
    }
    reduceOnce(b, b);
    return bytes(b);
  }

  /** {@code a * b / 2^256}, where one of them is below the order. */
  private static void multiply(int[] a, int[] b, int[] product) {
    int[] sum = new int[LIMBS + 2];
    for (int i = 0; i < LIMBS; i++) {
      long carry = 0;
      for (int j = 0; j < LIMBS; j++) {
        carry += (sum[j] & LOW) + (a[i] & LOW) * (b[j] & LOW);
        sum[j] = (int) carry;
        carry >>>= 32;
      }
      carry += sum[LIMBS] & LOW;
      sum[LIMBS] = (int) carry;
      sum[LIMBS + 1] = (int) (carry >>> 32);
      int factor = sum[0] * INVERSE;
      carry = ((sum[0] & LOW) + (factor & LOW) * (ORDER[0] & LOW)) >>> 32;
      for (int j = 1; j < LIMBS; j++) {
        carry += (sum[j] & LOW) + (factor & LOW) * (ORDER[j] & LOW);
        sum[j - 1] = (int) carry;
        carry >>>= 32;
      }
      carry += sum[LIMBS] & LOW;
      sum[LIMBS - 1] = (int) carry;
      sum[LIMBS] = sum[LIMBS + 1] + (int) (carry >>> 32);
    }
    reduceOnce(sum, product);
    Arrays.fill(sum, 0);
  }

  /** A number below twice the order, brought below it. */
  private static void reduceOnce(int[] number, int[] reduced) {
    int[] difference = new int[LIMBS];
    int keep = -subtract(number, ORDER, difference);
    for (int i = 0; i < LIMBS; i++) {
      reduced[i] = (number[i] & keep) | (difference[i] & ~keep);
    }
    Arrays.fill(difference, 0);
  }

  /** The borrow, 1 or 0. */
  private static int subtract(int[] a, int[] b, int[] difference) {
    long borrow = 0;
    for (int i = 0; i < LIMBS; i++) {
      long step = (a[i] & LOW) - (b[i] & LOW) - borrow;
      difference[i] = (int) step;
      borrow = step >>> 63;
    }
    return (int) borrow;
  }

  private static int[] limbs(byte[] bytes, int from) {
    int[] limbs = new int[LIMBS];
    for (int i = 0; i < 4 * LIMBS; i++) {
      limbs[i / 4] |= (bytes[from + i] & 0xff) << (8 * (i % 4));
    }
    return limbs;
  }

  private static int[] limbs(BigInteger number) {
    int[] limbs = new int[LIMBS];
    for (int i = 0; i < LIMBS; i++) {
      limbs[i] = number.shiftRight(32 * i).intValue();
    }
    return limbs;
  }

  private static byte[] bytes(int[] limbs) {
    byte[] bytes = new byte[4 * LIMBS];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (limbs[i / 4] >>> (8 * (i % 4)));
    }
    return bytes;
  }

  private static void wipe(int[]... arrays) {
    for (int[] array : arrays) {
      Arrays.fill(array, 0);
    }
  }
}
