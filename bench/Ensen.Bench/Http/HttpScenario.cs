using System.CommandLine;
using Ensen.Bench.Measure;
using Ensen.Bench.Scenarios;
using Ensen.Storage;

namespace Ensen.Bench.Http;

/// <summary>
/// Payments through the API: token, JSON, idempotency key, ledger, and the event at the till. Connections are kept alive, one request at a
/// time on each. With <c>--rate</c> requests are due at that rate, and timed from when they were due.
/// </summary>
static class HttpScenario
{
    static readonly Option<int> s_stores = Options.Number("--stores", "stores that payments are spread over", 100);
    static readonly Option<int> s_members = Options.Number("--members", "members who pay", 1_000);
    static readonly Option<int> s_rate = Options.Number("--rate", "payments due in a second; 0: as many as the connections can", 0);
    static readonly Option<Uri?> s_url = new("--url")
    {
        Description = "a server that runs already, with its sandbox on",
        CustomParser = given =>
        {
            if (Uri.TryCreate(given.Tokens[0].Value, UriKind.Absolute, out var address))
                return address;
            given.AddError($"'{given.Tokens[0].Value}' is no address of a server.");
            return null;
        },
    };

    public static readonly Command Command = new Command("http",
        "Payments through the API over keep-alive connections, with a till that listens")
    {
        Options.Database, Options.Callers, Options.Seconds, Options.WarmUp, s_stores, s_members, s_rate, s_url, Options.Json,
    }.Does(Run);

    static async Task<int> Run(ParseResult asked, CancellationToken ct)
    {
        var (callers, seconds, rate) = (asked.GetValue(Options.Callers), asked.GetValue(Options.Seconds), asked.GetValue(s_rate));
        await using var db = Database.Open(asked.GetValue(Options.Database)!, Product.Catalogue);
        await using var server = asked.GetValue(s_url) is null ? await Server.Start(asked.GetValue(Options.Database)!, ct) : null;
        var address = asked.GetValue(s_url) ?? server!.Address;
        var town = await SandboxTown.Make(address, asked.GetValue(s_members), asked.GetValue(s_stores), ct);
        await using var till = await Till.Listen(address, town.TillTokens[0]);
        using var callersAtWork = new Payers(address, town, callers);
        await callersAtWork.Connect(ct);

        var report = (await Report.Begin("http", db)).With("callers", callers, $"{callers} connections").With("seconds", seconds)
            .With("stores", town.Stores.Length).With("members", town.MemberTokens.Length).With("rate", rate);
        await new ClosedLoop(callers, (caller, random) => callersAtWork.Pay(caller, random, ct)).For(
            TimeSpan.Zero, TimeSpan.FromSeconds(asked.GetValue(Options.WarmUp)), ct);
        var (serverCpu, clientCpu, made) = (Machine.Cpu(server?.Process), Machine.Cpu(), callersAtWork.Made);
        var measured = rate == 0
            ? await new ClosedLoop(callers, (caller, random) => callersAtWork.Pay(caller, random, ct)).For(
                TimeSpan.Zero, TimeSpan.FromSeconds(seconds), ct)
            : await new OpenLoop(callers, rate, (caller, random) => callersAtWork.Pay(caller, random, ct)).For(
                TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(seconds), ct);
        made = callersAtWork.Made - made;

        (serverCpu, clientCpu) = (Machine.Cpu(server?.Process) - serverCpu, Machine.Cpu() - clientCpu);

        var heard = await till.Hears(callersAtWork.AtFirstStore, TimeSpan.FromSeconds(10));
        report.Loop(measured, "payments")
            .With("tillPayments", callersAtWork.AtFirstStore).With(
                "tillHeard", till.Payments, $"the till heard of {till.Payments} of {callersAtWork.AtFirstStore}, {till.Twice} twice");
        if (server is not null)
            report.Figure("serverCpuMicros", serverCpu.TotalMicroseconds / Math.Max(1, made), "µs of CPU a payment in the server", "N0")
                .Figure("serverPeakMemoryMb", Machine.PeakMemoryMb(server.Process), "MB of memory at most in the server", "N0");
        report.Figure("clientCpuMicros", clientCpu.TotalMicroseconds / Math.Max(1, made), "in the client", "N0")
            .With("clientPeakMemoryMb", Machine.PeakMemoryMb()).Write(asked.GetValue(Options.Json));
        if (callersAtWork.Strange is { } strange)
            Console.WriteLine("first answer that was no payment: " + strange);
        return heard ? 0 : 1;
    }
}
