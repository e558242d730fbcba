using Ensen.Withdrawals;

namespace Ensen.Web.Edge;

/// <summary>What operators are told of a withdrawal that needs somebody.</summary>
static class WithdrawalTold
{
    /// <summary>Why somebody has to look at it; also the end of its text's key.</summary>
    public static string WhyOf(Withdrawal withdrawal) => withdrawal.Contradicted switch
    {
        null => "slow",
        WithdrawalEnding.PaidAfterAll => "paid_after_all",
        _ => "came_back",
    };
}
