package org.axonometer.sr25519;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Arithmetic modulo the order of the group, on 32 bytes in little-endian order. For secrets: takes
 * time that does not depend on the values and overwrites every array of its own, which the curve
 * library's scalars do not. Multiplies after Montgomery, with 8 limbs of 32 bits.
 */
final class ScalarMath {
  private static final int LIMBS = 8;
  private static final long LOW = 0xffff_ffffL;

  private static final BigInteger L =
      BigInteger.TWO.pow(252).add(new BigInteger("27742317777372353535851937790883648493"));

  private static final int[] ORDER = limbs(L);

  /** 2 to the 512th: what a factor is multiplied by before it is multiplied again. */
  private static final int[] SQUARED_RADIX = limbs(BigInteger.TWO.pow(512).mod(L));

  /** Minus one over the order, modulo the size of a limb. */
  private static final int INVERSE =
      L.modInverse(BigInteger.TWO.pow(32)).negate().mod(BigInteger.TWO.pow(32)).intValue();

  private ScalarMath() {}

  /** Whether the number is below the order. */
  static boolean isCanonical(byte[] scalar) {
    int[] number = limbs(scalar);
    int[] difference = new int[LIMBS];
    int borrow = subtract(number, ORDER, difference);
    Arrays.fill(number, 0);
    Arrays.fill(difference, 0);
    return borrow != 0;
  }

  /** {@code a * b + c}, each below the order. */
  static byte[] multiplyAdd(byte[] a, byte[] b, byte[] c) {
    int[] first = limbs(a);
    int[] second = limbs(b);
    int[] third = limbs(c);
    multiply(first, SQUARED_RADIX, first);
    multiply(first, second, second);
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += (second[i] & LOW) + (third[i] & LOW);
      third[i] = (int) carry;
      carry >>>= 32;
    }
    reduceOnce(third, third);
    byte[] sum = bytes(third);
    wipe(first, second, third);
    return sum;
  }

  /** {@code a - b}, each below the order. */
  static byte[] subtract(byte[] a, byte[] b) {
    int[] first = limbs(a);
    int[] second = limbs(b);
    int[] difference = new int[LIMBS];
    int mask = -subtract(first, second, difference);
    long carry = 0;
    for (int i = 0; i < LIMBS; i++) {
      carry += (difference[i] & LOW) + (ORDER[i] & mask & LOW);
      difference[i] = (int) carry;
      carry >>>= 32;
    }
    byte[] result = bytes(difference);
    wipe(first, second, difference);
    return result;
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

  private static int[] limbs(byte[] bytes) {
    int[] limbs = new int[LIMBS];
    for (int i = 0; i < 4 * LIMBS; i++) {
      limbs[i / 4] |= (bytes[i] & 0xff) << (8 * (i % 4));
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
