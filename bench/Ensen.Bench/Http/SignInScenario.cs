using System.CommandLine;
using Ensen.Bench.Measure;
using Ensen.Storage;

namespace Ensen.Bench.Http;

/// <summary>
/// What people who sign in cost those who pay: payments due at a steady rate through the API, alone and with sign-ins beside them, in turns
/// on one server. Each sign-in is by an address and a password whose hash takes as long as in production, and each is on a new device. Where
/// more of them come than one processor hashes they wait in line, and the last are told to come again: that they do so is printed, too.
/// </summary>
static class SignInScenario
{
    static readonly Option<int> s_callers = Options.Number("--callers", "connections that pay", 64);
    static readonly Option<int> s_seconds = Options.Number("--seconds", "seconds of each part", 20);
    static readonly Option<int> s_rounds = Options.Number("--rounds", "how often both parts are measured, in turns", 2);
    static readonly Option<int> s_stores = Options.Number("--stores", "stores that payments are spread over", 100);
    static readonly Option<int> s_members = Options.Number("--members", "members who pay", 1_000);
    static readonly Option<int> s_rate = Options.Number("--rate", "payments due in a second", 500);
    static readonly Option<int> s_signIns = Options.Number("--sign-ins", "sign-ins due in a second", 20);

    public static readonly Command Command = new Command("sign-ins",
        "Payments through the API at a steady rate, alone and with people signing in beside them")
    {
        Options.Database, s_callers, s_seconds, Options.WarmUp, s_rounds, s_stores, s_members, s_rate, s_signIns, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (callers, rate, perSecond) = (asked.GetValue(s_callers), asked.GetValue(s_rate), asked.GetValue(s_signIns));
        var part = TimeSpan.FromSeconds(asked.GetValue(s_seconds));
        await using var db = Database.Open(asked.GetValue(Options.Database)!, Product.Catalogue);
        await using var server = await Server.Start(asked.GetValue(Options.Database)!, ct);
        var town = await SandboxTown.Make(server.Address, asked.GetValue(s_members), asked.GetValue(s_stores), ct);
        using var payers = new Payers(server.Address, town, callers);
        await payers.Connect(ct);
        using var door = await PeopleSigningIn.Make(server.Address, ct);

        var report = (await Report.Begin("sign-ins", db)).With("callers", callers, $"{callers} connections")
            .With("seconds", asked.GetValue(s_seconds)).With("rate", rate, $"{rate} payments/s due")
            .With("signInRate", perSecond, $"{perSecond} sign-ins/s due");
        await new ClosedLoop(callers, (caller, random) => payers.Pay(caller, random, ct)).For(
            TimeSpan.Zero, TimeSpan.FromSeconds(asked.GetValue(Options.WarmUp)), ct);
        var (alone, beside, people) = (new List<Measured>(), new List<Measured>(), new List<Measured>());
        for (var round = 0; round < asked.GetValue(s_rounds); round++)
        {
            alone.Add(await Payments());
            var (payments, signIns) = (Payments(), door.SignIn(perSecond, part, ct));
            beside.Add(await payments);
            people.Add(await signIns);
        }

        var (without, with) = (LatencyLog.Of(alone.Select(m => m.Latencies)), LatencyLog.Of(beside.Select(m => m.Latencies)));
        var took = LatencyLog.Of(people.Select(m => m.Latencies));
        report.Figure("paymentsPerSecond", with.Count / beside.Sum(m => m.Seconds), "payments/s", "N0")
            .Figure("p50AloneMs", without.Percentile(0.5), "ms p50 alone").Figure("p50Ms", with.Percentile(0.5), "beside sign-ins")
            .Figure("p99AloneMs", without.Percentile(0.99), "ms p99 alone").Figure("p99Ms", with.Percentile(0.99), "beside sign-ins")
            .Figure("p99Ratio", with.Percentile(0.99) / without.Percentile(0.99), "times as long", "N2")
            .With("refused", alone.Concat(beside).Sum(m => m.Refused), $"{alone.Concat(beside).Sum(m => m.Refused)} payments refused")
            .Figure("signInsPerSecond", took.Count / people.Sum(m => m.Seconds), "sign-ins/s done").Figure("signInP50Ms", took.Percentile(0.5), "ms p50", "N0")
            .With("signInsLater", door.ToldToComeAgain, $"{door.ToldToComeAgain} told to come again").Write(asked.GetValue(Options.Json));
        if ((payers.Strange ?? door.Strange) is { } strange)
            Console.WriteLine("first answer that was none: " + strange);
        return payers.Strange is null && door.Strange is null ? 0 : 1;

        Task<Measured> Payments() => new OpenLoop(callers, rate, (caller, random) => payers.Pay(caller, random, ct))
            .For(TimeSpan.FromSeconds(1), part, ct);
    }
}
