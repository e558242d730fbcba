using System.Globalization;
using System.Text;
using Dapper;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Web;

/// <summary>For whoever watches the node: is it alive, may it get traffic, what does it count.</summary>
static class Health
{
    public static void MapHealth(this WebApplication app)
    {
        app.MapGet("/health/live", () => Results.Text("alive")).ExcludeFromDescription();
        app.MapGet("/health/ready", Ready).ExcludeFromDescription();
        app.MapGet("/metrics", Metrics).ExcludeFromDescription();
    }

    /// <summary>Ready means: the database answers.</summary>
    static async Task<IResult> Ready(Database db, CancellationToken ct)
    {
        try
        {
            await using var connection = await db.Connect(ct);
            await connection.ExecuteScalarAsync<int>("select 1");
            return Results.Text("ready");
        }
        catch (Exception e) when (e is System.Data.Common.DbException or TimeoutException or IOException)
        {
            return Results.Text("the database does not answer", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }

    /// <summary>Prometheus text.</summary>
    static IResult Metrics(GeneralLedger ledger)
    {
        var text = new StringBuilder();
        Add("ensen_ledger_waiting", "gauge", "Callers that wait for a ledger writer.", ledger.Waiting);
        Add("ensen_ledger_entries_total", "counter", "Entries that this node posted.", ledger.Posted);
        Add("ensen_ledger_batches_total", "counter", "Batches that this node committed.", ledger.Batches);
        Add("process_working_set_bytes", "gauge", "Memory of the process.", Environment.WorkingSet);
        return Results.Text(text.ToString(), "text/plain; version=0.0.4");

        void Add(string name, string type, string help, long value) =>
            text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
    }
}
