using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Wallet;

namespace Ensen.Tests.Support;

/// <summary>
/// Holds the only writer of a town (<c>writers: 1</c>) while it decides, so that what is posted meanwhile waits together and becomes
/// one batch: <c>await Gate.Batch(town, () => [post one, post another])</c>.
/// </summary>
static class Gate
{
    public static async Task<T[]> Batch<T>(Town town, Func<IReadOnlyList<Task<T>>> post)
    {
        using var inside = new ManualResetEventSlim();
        using var open = new ManualResetEventSlim();
        var holding = town.Ledger.Post(new Move(Id.New(town.Clock), town.Clock.GetUtcNow(),
            Leg.Of(Chart.Operator, AccountType.Suspense, 1.Yen()), Leg.Of(Chart.Operator, AccountType.BankClearing, -1.Yen()))
        {
            Meanwhile = _ =>
            {
                inside.Set();
                open.Wait(TimeSpan.FromSeconds(30)).ShouldBeTrue();
            },
        });
        await Task.Run(() => inside.Wait(TimeSpan.FromSeconds(30)));
        var posted = post();
        open.Set();
        await holding;
        return await Task.WhenAll(posted);
    }

    /// <summary>What came of a draft, in a word: posted, a refusal, or the exception that its caller got.</summary>
    public static async Task<string> InAWord<TRefusal>(Task<Answer<Moved, TRefusal>> posting)
        where TRefusal : struct, Enum
    {
        try
        {
            var answer = await posting;
            return answer.Accepted ? "posted" : answer.Refusal.ToString();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return e.GetType().Name;
        }
    }
}
