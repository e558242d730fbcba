using Ensen.Access;
using Ensen.Basics;
using Ensen.Simulation.Audit;
using Ensen.Storage;
using Ensen.Withdrawals;

namespace Ensen.Simulation.Worlds;

/// <summary>Members take money to their bank accounts: pressed twice, asked again, all that there is.</summary>
sealed partial class Errands
{
    async Task<IReadOnlyList<Deed>> Withdraw()
    {
        var (who, amount, key) = (Somebody, SomeAmount(), NewKey());
        Task<Deed> Send(string with) => Withdraw(who, amount, with);
        _old.Add(() => Send(key));
        return RandomSource.Next(4) switch
        {
            0 => await Both(() => Send(key), () => Send(key)),
            1 => await Both(() => Send(key), () => Send(NewKey())),
            _ => [await Send(key)],
        };
    }

    async Task<Deed> Withdraw(Resident who, long amount, string key)
    {
        var client = new Client(world, who.Name);
        var session = new Caller(new SessionId(new Guid(RandomSource.Next(), 0, 0, [0, 0, 0, 0, 0, 0, 0, 1])),
            Subject.Member(who.Payer.MemberId), who.Id);
        var answer = await client.Ask(FormattableString.Invariant($"withdraws {amount}, key {key}"), node => node.Get<Withdraw>().Run(
            new WithdrawRequest(who.Payer, amount.Yen(), null, new StepUpProof(session), MustProve: false,
                [IdempotencyKey.Of(who.Id, key, "withdrawal", amount)])));
        return Told(client, $"{who.Name} withdraws {amount}, {key}", [who.Id], [new Key($"{who.Id} {key}")],
            FormattableString.Invariant($"withdraw {amount}"),
            answer.Value is { } w ? FormattableString.Invariant($"withdrawn {w.Amount}, {w.Balance} left") : answer.Refusal.ToString(),
            answer, answer.Value?.WithdrawalId, answer.Value?.At,
            (books, day) => Rules.AtSomeMoment(books, who.Id, client.Sent, client.Answered, client.Answered,
                b => Rules.Withdraw(b, who.Id, amount, day, answer.Value?.WithdrawalId ?? Guid.Empty),
                said => said.StartsWith(answer.Accepted ? "withdrawn" : answer.Refusal.ToString(), StringComparison.Ordinal)));
    }
}
