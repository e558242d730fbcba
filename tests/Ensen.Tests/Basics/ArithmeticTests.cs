using System.Globalization;
using System.Numerics;
using Ensen.Basics;
using FsCheck;
using FsCheck.Fluent;

namespace Ensen.Tests.Basics;

/// <summary>Sums that are whole, rates that say how they round, and nothing that wraps around.</summary>
public class ArithmeticTests
{
    [Theory]
    [InlineData(1, 200, 199, Rounding.Down, 0)]
    [InlineData(1, 200, 200, Rounding.Down, 1)]
    [InlineData(1, 200, 399, Rounding.Down, 1)]
    [InlineData(1, 200, 99, Rounding.HalfUp, 0)]
    [InlineData(1, 200, 100, Rounding.HalfUp, 1)]
    [InlineData(1, 200, 1, Rounding.Up, 1)]
    [InlineData(1, 200, 0, Rounding.Up, 0)]
    [InlineData(19, 1_000, 1, Rounding.Down, 0)]         // attack 78: the merchant's fee on 1 yen
    [InlineData(19, 1_000, 53, Rounding.Down, 1)]
    [InlineData(19, 1_000, 1_000_000, Rounding.Down, 19_000)]
    [InlineData(1, 1, long.MaxValue, Rounding.Up, long.MaxValue)]
    [InlineData(999, 1_000, long.MaxValue, Rounding.Down, 9_214_148_664_817_921_031)]
    public void A_rate_rounds_as_it_is_told(long numerator, long denominator, long amount, Rounding rounding, long expected) =>
        new Rate(numerator, denominator).Of(amount, rounding).ShouldBe(expected);

    [Fact]
    public void A_rate_is_exact_for_every_amount() =>
        Prop.ForAll<PositiveInt, PositiveInt, NonNegativeInt>((a, b, c) =>
        {
            var (numerator, denominator, amount) = ((BigInteger)a.Get % 1_000, (BigInteger)b.Get, (BigInteger)c.Get * 4_294_967_311);
            var rate = new Rate((long)numerator, (long)denominator);
            var (down, up) = (rate.Of((long)amount, Rounding.Down), rate.Of((long)amount, Rounding.Up));
            var half = rate.Of((long)amount, Rounding.HalfUp);
            return down * denominator <= numerator * amount && numerator * amount < (down + BigInteger.One) * denominator
                && up - down == (numerator * amount % denominator == 0 ? 0 : 1)
                && half == (numerator * amount % denominator * 2 >= denominator ? down + BigInteger.One : down);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_rate_refuses_what_it_cannot_say()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new Rate(1, 200).Of(-1, Rounding.Down));
        Should.Throw<OverflowException>(() => new Rate(2, 1).Of(long.MaxValue, Rounding.Down));
        Should.Throw<ArgumentOutOfRangeException>(() => new Rate(1, 200).Of(1, default));
    }

    // Attack 78.
    [Fact]
    public void Sums_beyond_64_bits_throw()
    {
        Should.Throw<OverflowException>(() => new Yen(9_200_000_000_000_000_000) + new Yen(9_200_000_000_000_000_000));
        Should.Throw<OverflowException>(() => new Yen(long.MinValue) - 1.Yen());
        Should.Throw<OverflowException>(() => -new Yen(long.MinValue));
        Should.Throw<OverflowException>(() => new PointAmount(long.MaxValue) + 1.Points());
        Should.Throw<OverflowException>(() => new PointAmount(long.MinValue) - 1.Points());
        Should.Throw<OverflowException>(() => -new PointAmount(long.MinValue));
        var most = int.MaxValue;
        Should.Throw<OverflowException>(() => most + 1);
    }

    [Fact]
    public void Adding_yen_is_adding_whole_numbers() =>
        Prop.ForAll<int, int>((a, b) => (a.Yen() + b.Yen()).Value == (long)a + b && (a.Yen() - b.Yen()).Value == (long)a - b
            && a.Yen() < b.Yen() == a < b)
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("ja-JP")]
    [InlineData("en-US")]
    [InlineData("de-DE")]
    [InlineData("")]
    public void Amounts_and_days_are_written_alike_in_every_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo(culture);
            1_234_567.Yen().ToString().ShouldBe("1234567");
            (-5).Points().ToString().ShouldBe("-5");
            JapanDay.Parse("2026-03-31").ToString().ShouldBe("2026-03-31");
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
