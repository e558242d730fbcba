using Ensen.Basics;

namespace Ensen.Access;

/// <summary>
/// Guesses at the passwords of members and the PINs of stores. They are counted per account and source, per account and per source; too
/// many bring delays, never a lock: one guesser stops neither the owner nor the neighbours. A device that is known to the account has
/// tries of its own, however much others guess.
/// </summary>
public sealed class Guesses(AttemptLimiter tries, Programme programme)
{
    static readonly TimeSpan s_step = TimeSpan.FromSeconds(1);

    /// <summary>One who guesses at one account from one place waits longer: 10 s, 20 s, 30 s.</summary>
    static readonly TimeSpan s_pairStep = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Counts a guess before the secret is looked at, and waits its turn if that is near. <paramref name="device"/>: the device, if it is
    /// known to the account.
    /// </summary>
    public async Task<Guess> Begin(string secret, string account, string from, Guid? device, CancellationToken ct = default)
    {
        var rules = programme.Membership;
        var pair = Pace(rules.TriesPerAccountAndAddress, s_pairStep);
        (string What, string Who, AttemptPace Pace)[] counts = device is { } known
            ? [($"{secret}-device", $"{known:N} {account}", pair)]
            :
            [
                ($"{secret}-pair", $"{account} {from}", pair),
                ($"{secret}-account", account, Pace(rules.TriesPerAccount, s_step)),
                ($"{secret}-address", from, Pace(rules.TriesPerAddress, s_step)),
            ];
        var wait = TimeSpan.Zero;
        for (var i = 0; i < counts.Length; i++)
        {
            var turn = await tries.Pace(counts[i].What, counts[i].Who, counts[i].Pace, rules.Patience, ct);
            if (!turn.May)
            {
                await TakeBack(counts.AsMemory(0, i));
                return new Guess(false, turn.Wait, () => Task.CompletedTask, () => Task.CompletedTask);
            }
            wait = turn.Wait > wait ? turn.Wait : wait;
        }
        if (wait > TimeSpan.Zero)
            await Task.Delay(wait, ct);
        return new Guess(true, wait, Right, () => TakeBack(counts));

        AttemptPace Pace(int free, TimeSpan step) => new(free, TimeSpan.FromMinutes(rules.TriesMinutes), step);

        async Task Right()
        {
            await tries.Forget(counts[0].What, counts[0].Who, CancellationToken.None);
            await TakeBack(counts.AsMemory(1));
        }
    }

    async Task TakeBack(ReadOnlyMemory<(string What, string Who, AttemptPace Pace)> counts)
    {
        for (var i = 0; i < counts.Length; i++)
            await tries.TakeBack(counts.Span[i].What, counts.Span[i].Who, CancellationToken.None);
    }
}

/// <summary>A guess that was counted, or turned away: then it may be made after <paramref name="Wait"/>.</summary>
/// <param name="Right">To be called when it was no guess: the secret was right.</param>
/// <param name="Unseen">To be called when the secret was not looked at after all.</param>
public sealed record Guess(bool May, TimeSpan Wait, Func<Task> Right, Func<Task> Unseen);
