using System.Numerics;
using Ensen.Basics;
using Ensen.Settlement;

namespace Ensen.Tests.Settlement;

/// <summary>The published rule over a million amounts, judged by inequalities in numbers without end and not by the same division.</summary>
public class FeeArithmeticTests
{
    [Fact]
    public void Fee_and_tax_of_a_million_amounts_are_what_the_rule_says()
    {
        var random = new Random(20261130);
        for (var i = 0; i < 1_000_000; i++)
        {
            var taken = i < 20_000 ? i - 10_000 : random.NextInt64(-(1L << random.Next(1, 55)), 1L << random.Next(1, 55));
            var (fee, tax) = i % 2 == 0 ? (190L, 10L) : (random.NextInt64(0, 10_001), random.NextInt64(0, 101));
            var sum = FeeArithmetic.Of(taken.Yen(), new Rate(fee, 10_000), new Rate(tax, 100));
            if (!Holds(taken, fee, tax, sum))
                Assert.Fail($"{taken} at {fee}/10000 and {tax}/100 is {sum}");
        }
    }

    /// <summary>
    /// The fee is the greatest whole number that is not above the share: the remainder stays with the merchant, whichever way the money
    /// goes. The tax is the greatest one not above the share of the fee, counted from nothing.
    /// </summary>
    static bool Holds(BigInteger taken, BigInteger feeRate, BigInteger taxRate, FeeArithmetic sum)
    {
        BigInteger fee = sum.Fee.Value, tax = sum.Tax.Value;
        return fee * 10_000 <= taken * feeRate && taken * feeRate < (fee + 1) * 10_000
            && BigInteger.Abs(tax) * 100 <= BigInteger.Abs(fee) * taxRate && BigInteger.Abs(fee) * taxRate < (BigInteger.Abs(tax) + 1) * 100
            && tax * fee >= 0
            && sum.Left.Value + fee + tax == taken;
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(52, 0, 0)]
    [InlineData(53, 1, 0)]
    [InlineData(12_345, 234, 23)]
    [InlineData(1_000_000, 19_000, 1_900)]
    [InlineData(-52, -1, 0)]
    [InlineData(-53, -2, 0)]
    [InlineData(-12_345, -235, -23)]
    public void Some_of_them_by_hand(long taken, long fee, long tax)
    {
        var sum = FeeArithmetic.Of(taken.Yen(), new SettlementRules().Fee, new SettlementRules().FeeTax);
        (sum.Fee.Value, sum.Tax.Value).ShouldBe((fee, tax));
    }
}
