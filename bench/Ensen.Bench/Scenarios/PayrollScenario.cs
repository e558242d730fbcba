using System.CommandLine;
using System.Diagnostics;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Bench.Measure;
using Ensen.Ledger;
using Ensen.Storage;
using Ensen.Wallet;

namespace Ensen.Bench.Scenarios;

/// <summary>
/// Pay day: one file of salaries, a credit for each member, each with its own idempotency key (file and line), so that a file that is
/// sent again pays nobody twice. The second pass sends it again.
/// </summary>
static class PayrollScenario
{
    const int AtOnce = 2_048;
    static readonly Option<int> s_credits = Options.Number("--credits", "salaries in the file, one a member", 100_000);

    public static readonly Command Command = new Command("payroll",
        "A file of salaries: a credit for each member, each once only (2 postings)")
    {
        Options.Database, s_credits, Options.Writers, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var credits = asked.GetValue(s_credits);
        await using var stage = await Stage.Open(asked, 0, 0, ct);
        await stage.Analyze();
        var employer = Id.New(TimeProvider.System);
        var file = Id.New(TimeProvider.System);
        var employees = Enumerable.Range(0, credits).Select(_ => Id.New(TimeProvider.System)).ToArray();
        var report = await Report.Begin("payroll", stage.Db);

        var first = await Send(stage, employer, file, employees, ct);
        var second = await Send(stage, employer, file, employees, ct);

        report.With("credits", first.Paid, FormattableString.Invariant($"{first.Paid:N0} salaries paid"))
            .Figure("seconds", first.Seconds, "s")
            .Figure("creditsPerSecond", first.Paid / first.Seconds, "credits/s", "N0")
            .With("paidTwice", second.Paid, $"sent again: {second.Paid} paid twice").Figure("secondsAgain", second.Seconds, "s");
        return await stage.Finish(report, asked.GetValue(Options.Json)) is var code && first.Paid == credits && second.Paid == 0 ? code : 1;
    }

    static async Task<(int Paid, double Seconds)> Send(Stage stage, Guid employer, Guid file, Guid[] employees, CancellationToken ct)
    {
        var watch = Stopwatch.StartNew();
        var paid = 0;
        var lines = employees.Index().GetEnumerator();
        var turn = new Lock();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => Task.Run(async () =>
        {
            while (Next(out var line))
                if (await stage.Ledger.Post(new Salary(employer, file, line.Index, line.Item, 250_000.Yen()), ct) is { Accepted: true, Replayed: false })
                    Interlocked.Increment(ref paid);
        }, ct)));
        return (paid, watch.Elapsed.TotalSeconds);

        bool Next(out (int Index, Guid Item) line)
        {
            lock (turn)
            {
                var more = lines.MoveNext();
                line = more ? lines.Current : default;
                return more;
            }
        }
    }
}

enum SalaryRefusal
{
    None = 0,
    KeyReused = 1,
    Frozen = 2,
    OverLimit = 3,
}

/// <summary>One salary: from what the bank owes us for the employer to the member's money, within the balance cap.</summary>
sealed class Salary(Guid employer, Guid file, int line, Guid employee, Yen amount) : Draft<Booked, SalaryRefusal>
{
    public override Guid Id { get; } = Basics.Id.New(TimeProvider.System);
    public override IReadOnlyList<Guid> Owners { get; } = [employee];
    public override IReadOnlyList<IdempotencyKey> IdempotencyKeys { get; } = [
        IdempotencyKey.Of(employer, FormattableString.Invariant($"{file:N}/{line}"), employee, amount.Value)];
    public override JsonTypeInfo<Booked> Json => BookingJson.Default.Booked;
    public override SalaryRefusal Reused(IdempotencyKey key) => SalaryRefusal.KeyReused;

    public override Decision<Booked, SalaryRefusal> Decide(AccountState state)
    {
        var member = state.Of(employee);
        if (member.IsFrozen) return SalaryRefusal.Frozen;
        if (member.Total(Unit.Yen) + amount.Value > Stage.Programme.BalanceCap) return SalaryRefusal.OverLimit;
        return new Decision<Booked, SalaryRefusal>(new Booked(Id))
        {
            Entry = new Entry(Id, EntryKind.Charge, Basics.Id.TimeOf(Id), Initiator.Merchant(employer),
                [Leg.Of(employee, AccountType.Money, amount), Leg.Of(Chart.Operator, AccountType.BankClearing, -amount)]),
        };
    }
}

