using System.CommandLine;
using Ensen.Bench.Http;
using Ensen.Bench.Peers;
using Ensen.Bench.Scenarios;

return await new RootCommand("Measures Ensen. Compare figures only within one run: disks differ from minute to minute.")
{
    PayScenario.Command,
    TransferScenario.Command,
    ExpireScenario.Command,
    LotsScenario.Command,
    RidesScenario.Command,
    PurchasesScenario.Command,
    RidesScenario.Part,
    PayrollScenario.Command,
    StatementScenario.Command,
    SalesScenario.Command,
    FillScenario.Command,
    VerifyScenario.Command,
    HttpScenario.Command,
    SignInScenario.Command,
    PeerScenario.Naive,
    PeerScenario.Sum,
}.Parse(args).InvokeAsync();
