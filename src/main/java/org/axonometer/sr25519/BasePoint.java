package org.axonometer.sr25519;

import java.math.BigInteger;
import java.util.Arrays;
import org.bouncycastle.math.ec.rfc7748.X25519Field;

/**
 * Multiples of Ristretto's base point by secret scalars, encoded as RFC 9496 says. Takes time that
 * does not depend on the scalar, and overwrites every array that depends on it. Coordinates are
 * those of the twisted Edwards curve with a = -1, in Bouncy Castle's field: extended (x, y, z, t
 * with x = X/Z, y = Y/Z, xy = T/Z; Hisil, Wong, Carter and Dawson 2008) for sums, and for what is
 * added the three numbers y + x, y - x and 2dxy. Thread-safe.
 */
final class BasePoint {
  private static final int LIMBS = X25519Field.SIZE;

  /** Digits of a scalar to the base 16, each from -8 to 7. */
  private static final int DIGITS = 64;

  /** Multiples of each second power of 16. */
  private static final int MULTIPLES = 8;

  /** Numbers of a table's point. */
  private static final int PARTS = 3;

  private static final BigInteger P = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
  private static final BigInteger CURVE_D = fraction(-121_665, 121_666);
  private static final BigInteger ROOT_OF_MINUS_ONE =
      BigInteger.TWO.modPow(P.shiftRight(2), P); // to (p - 1) / 4; 2 is no square

  private static final int[] TWICE_D = limbs(CURVE_D.shiftLeft(1).mod(P));
  private static final int[] I = limbs(ROOT_OF_MINUS_ONE);
  private static final int[] MINUS_I = limbs(P.subtract(ROOT_OF_MINUS_ONE));
  private static final int[] MINUS_ONE = limbs(P.subtract(BigInteger.ONE));

  /** One over the root of a - d. */
  private static final int[] ROOT_A_D =
      limbs(root(CURVE_D.add(BigInteger.ONE).negate().modInverse(P)));

  /**
   * At 8i + j - 1, as three numbers one after another: j times the base point times 256 to the i.
   */
  private static final int[] TABLE = table();

  private final int[] x = X25519Field.create();
  private final int[] y = X25519Field.create();
  private final int[] z = X25519Field.create();
  private final int[] t = X25519Field.create();
  private final int[] a = X25519Field.create();
  private final int[] b = X25519Field.create();
  private final int[] c = X25519Field.create();
  private final int[] e = X25519Field.create();
  private final int[] f = X25519Field.create();
  private final int[] g = X25519Field.create();
  private final int[] h = X25519Field.create();
  private final int[] plus = X25519Field.create();
  private final int[] minus = X25519Field.create();
  private final int[] product = X25519Field.create();

  /** Zero, the neutral element. */
  private BasePoint() {
    X25519Field.one(y);
    X25519Field.one(z);
  }

  /**
   * The encoding of a scalar times the base point.
   *
   * @param scalar 32 bytes in little-endian order, below the group's order
   */
  static byte[] times(byte[] scalar) {
    byte[] digits = digits(scalar);
    var sum = new BasePoint();
    for (int i = 1; i < DIGITS; i += 2) {
      sum.add(i / 2, digits[i]);
    }
    for (int i = 0; i < 4; i++) {
      sum.twice();
    }
    for (int i = 0; i < DIGITS; i += 2) {
      sum.add(i / 2, digits[i]);
    }
    byte[] encoded = sum.encoded();
    sum.wipe();
    Arrays.fill(digits, (byte) 0);
    return encoded;
  }

  private static byte[] digits(byte[] scalar) {
    byte[] digits = new byte[DIGITS];
    int carry = 0;
    for (int i = 0; i < DIGITS; i++) {
      int digit = ((scalar[i / 2] >> (4 * (i % 2))) & 15) + carry;
      carry = (digit + 8) >> 4;
      digits[i] = (byte) (digit - (carry << 4));
    }
    return digits;
  }

  /** Adds digit times the base point times 256 to the power; looks at all multiples alike. */
  private void add(int power, int digit) {
    int sign = digit >> 31;
    int size = (digit ^ sign) - sign;
    X25519Field.one(plus);
    X25519Field.one(minus);
    X25519Field.zero(product);
    for (int multiple = 1; multiple <= MULTIPLES; multiple++) {
      int chosen = ((multiple ^ size) - 1) >> 31;
      int at = (MULTIPLES * power + multiple - 1) * PARTS * LIMBS;
      X25519Field.cmov(chosen, TABLE, at, plus, 0);
      X25519Field.cmov(chosen, TABLE, at + LIMBS, minus, 0);
      X25519Field.cmov(chosen, TABLE, at + 2 * LIMBS, product, 0);
    }
    X25519Field.cswap(-sign, plus, minus);
    X25519Field.cnegate(-sign, product);
    add();
  }

  /** Adds the point in {@code plus}, {@code minus} and {@code product}. */
  private void add() {
    X25519Field.sub(y, x, a);
    X25519Field.mul(a, minus, a);
    X25519Field.add(y, x, b);
    X25519Field.mul(b, plus, b);
    X25519Field.mul(t, product, c);
    X25519Field.add(z, z, g);
    X25519Field.carry(g);
    X25519Field.sub(b, a, e);
    X25519Field.add(b, a, h);
    X25519Field.sub(g, c, f);
    X25519Field.add(g, c, g);
    multiplied();
  }

  private void twice() {
    X25519Field.sqr(x, a);
    X25519Field.sqr(y, b);
    X25519Field.sqr(z, c);
    X25519Field.add(c, c, c);
    X25519Field.carry(c);
    X25519Field.add(x, y, e);
    X25519Field.sqr(e, e);
    X25519Field.add(a, b, h);
    X25519Field.carry(h);
    X25519Field.sub(h, e, e);
    X25519Field.sub(a, b, g);
    X25519Field.carry(g);
    X25519Field.add(c, g, f);
    multiplied();
  }

  private void multiplied() {
    X25519Field.carry(e);
    X25519Field.carry(f);
    X25519Field.carry(g);
    X25519Field.carry(h);
    X25519Field.mul(e, f, x);
    X25519Field.mul(g, h, y);
    X25519Field.mul(e, h, t);
    X25519Field.mul(f, g, z);
  }

  /** RFC 9496, 4.3.2. */
  private byte[] encoded() {
    X25519Field.add(z, y, a);
    X25519Field.sub(z, y, b);
    X25519Field.mul(a, b, a);
    X25519Field.mul(x, y, b);
    X25519Field.sqr(b, c);
    X25519Field.mul(a, c, c);
    inverseRoot(c);
    X25519Field.mul(c, a, a);
    X25519Field.mul(c, b, b);
    X25519Field.mul(a, b, c);
    X25519Field.mul(c, t, c);

    X25519Field.mul(t, c, e);
    int rotated = -odd(e);
    X25519Field.mul(x, I, f);
    X25519Field.mul(y, I, g);
    X25519Field.mul(a, ROOT_A_D, a);
    X25519Field.cmov(rotated, g, 0, x, 0);
    X25519Field.cmov(rotated, f, 0, y, 0);
    X25519Field.cmov(rotated, a, 0, b, 0);
    X25519Field.mul(x, c, e);
    X25519Field.cnegate(odd(e), y);
    X25519Field.sub(z, y, z);
    X25519Field.mul(b, z, z);
    X25519Field.cnegate(odd(z), z);
    X25519Field.normalize(z);
    byte[] encoded = new byte[32];
    X25519Field.encode(z, encoded);
    return encoded;
  }

  /** One over the even root of a square, in its place; zero of zero. Uses e to h. */
  private void inverseRoot(int[] square) {
    X25519Field.sqr(square, e);
    X25519Field.mul(e, square, e); // cubed
    X25519Field.sqr(e, f);
    X25519Field.mul(f, square, f); // to the 7th
    power(f);
    X25519Field.mul(e, f, e);
    X25519Field.sqr(e, f);
    X25519Field.mul(f, square, f);
    X25519Field.normalize(f);
    int turned = X25519Field.areEqual(f, MINUS_ONE) | X25519Field.areEqual(f, MINUS_I);
    X25519Field.mul(e, I, g);
    X25519Field.cmov(turned, g, 0, e, 0);
    X25519Field.cnegate(odd(e), e);
    X25519Field.copy(e, 0, square, 0);
  }

  /** To the power of (p - 5) / 8 = 2^252 - 3, in its place. Uses g and h. */
  private void power(int[] base) {
    int[] ones = g;
    X25519Field.copy(base, 0, ones, 0);
    int length = 1;
    // 250 = 0b11111010 ones: each step doubles their number, and adds one where the bit is set.
    for (int bit = 6; bit >= 0; bit--) {
      X25519Field.sqr(ones, length, h);
      X25519Field.mul(h, ones, ones);
      length *= 2;
      if ((250 >> bit & 1) != 0) {
        X25519Field.sqr(ones, ones);
        X25519Field.mul(ones, base, ones);
        length++;
      }
    }
    X25519Field.sqr(ones, 2, ones);
    X25519Field.mul(ones, base, base);
  }

  /** 1 when the least number that stands for it is odd, else 0; brings it into that form. */
  private static int odd(int[] number) {
    X25519Field.carry(number);
    X25519Field.normalize(number);
    return number[0] & 1;
  }

  private void wipe() {
    for (int[] array : new int[][] {x, y, z, t, a, b, c, e, f, g, h, plus, minus, product}) {
      Arrays.fill(array, 0);
    }
  }

  private static int[] table() {
    int[] table = new int[DIGITS / 2 * MULTIPLES * PARTS * LIMBS];
    var power = new BasePoint();
    power.baseAsAddend();
    power.add();
    for (int i = 0; i < DIGITS / 2; i++) {
      power.asAddend();
      var sum = new BasePoint();
      for (int multiple = 0; multiple < MULTIPLES; multiple++) {
        X25519Field.copy(power.plus, 0, sum.plus, 0);
        X25519Field.copy(power.minus, 0, sum.minus, 0);
        X25519Field.copy(power.product, 0, sum.product, 0);
        sum.add();
        sum.asAddend();
        int at = (MULTIPLES * i + multiple) * PARTS * LIMBS;
        X25519Field.copy(sum.plus, 0, table, at);
        X25519Field.copy(sum.minus, 0, table, at + LIMBS);
        X25519Field.copy(sum.product, 0, table, at + 2 * LIMBS);
      }
      for (int doubling = 0; doubling < 8; doubling++) {
        power.twice();
      }
    }
    return table;
  }

  /** Makes the base point the one to be added: y is 4/5 and x even. */
  private void baseAsAddend() {
    BigInteger baseY = fraction(4, 5);
    BigInteger square = baseY.multiply(baseY);
    BigInteger baseX =
        root(
            square
                .subtract(BigInteger.ONE)
                .multiply(square.multiply(CURVE_D).add(BigInteger.ONE).modInverse(P)));
    addend(limbs(baseX), limbs(baseY));
  }

  /** Makes this very point the one to be added. */
  private void asAddend() {
    int[] inverse = X25519Field.create();
    X25519Field.inv(z, inverse);
    X25519Field.mul(x, inverse, e);
    X25519Field.mul(y, inverse, f);
    addend(e, f);
  }

  private void addend(int[] pointX, int[] pointY) {
    X25519Field.add(pointY, pointX, plus);
    X25519Field.carry(plus);
    X25519Field.sub(pointY, pointX, minus);
    X25519Field.carry(minus);
    X25519Field.mul(pointX, pointY, product);
    X25519Field.mul(product, TWICE_D, product);
  }

  private static BigInteger fraction(long above, long below) {
    return BigInteger.valueOf(above).multiply(BigInteger.valueOf(below).modInverse(P)).mod(P);
  }

  /** The even root of a square. */
  private static BigInteger root(BigInteger square) {
    BigInteger root = square.modPow(P.shiftRight(3).add(BigInteger.ONE), P);
    if (!root.multiply(root).subtract(square).mod(P).equals(BigInteger.ZERO)) {
      root = root.multiply(ROOT_OF_MINUS_ONE).mod(P);
    }
    return root.testBit(0) ? P.subtract(root) : root;
  }

  private static int[] limbs(BigInteger number) {
    byte[] bytes = new byte[32];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = number.shiftRight(8 * i).byteValue();
    }
    int[] limbs = X25519Field.create();
    X25519Field.decode255(bytes, limbs);
    return limbs;
  }
}
