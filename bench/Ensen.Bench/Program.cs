using System.CommandLine;
using Ensen.Bench;

var database = new Option<string>("--database") { Description = "sqlite:PATH or postgres:CONNECTION", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ENSEN_DATABASE") ?? "sqlite:data/bench.db" };
var callers = new Option<int>("--callers") { Description = "callers that each wait for their answer before asking again", DefaultValueFactory = _ => 256 };
var seconds = new Option<int>("--seconds") { Description = "seconds measured, after two to warm up", DefaultValueFactory = _ => 10 };
var stores = new Option<int>("--stores") { Description = "stores that payments are spread over", DefaultValueFactory = _ => 1_000 };
var members = new Option<int>("--members") { Description = "members who pay", DefaultValueFactory = _ => 10_000 };
var writers = new Option<int>("--writers") { Description = "ledger writers on PostgreSQL", DefaultValueFactory = _ => 2 };
var keys = new Option<bool>("--keys") { Description = "give each payment an idempotency key of its own, as the API does" };
var json = new Option<bool>("--json") { Description = "end with one line of JSON" };

var pay = new Command("pay", "Payments through the ledger: each a debit, a store's credit and points earned (4 postings)")
{
    database, callers, seconds, stores, members, writers, keys, json,
};
pay.SetAction((parsed, ct) => PayScenario.Run(new PayOptions(
    parsed.GetValue(database)!, parsed.GetValue(callers), parsed.GetValue(seconds), parsed.GetValue(stores),
    parsed.GetValue(members), parsed.GetValue(writers), parsed.GetValue(keys), parsed.GetValue(json)), ct));

return await new RootCommand("Measures Ensen. Compare figures only within one run: disks differ from minute to minute.") { pay }
    .Parse(args).InvokeAsync();
