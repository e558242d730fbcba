using System.Data.Common;
using System.Globalization;
using System.Text.Json.Serialization;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Storage;

namespace Ensen.Web.Observability;

/// <summary>
/// What a load balancer is told, and why. What goes on beside the requests and is in <paramref name="Trouble"/> is for people: without it
/// payments are taken all the same, and a node less would help nobody. <paramref name="NotSetUp"/>: gateways that this installation has
/// none of; payments need none.
/// </summary>
sealed record ReadyAnswer(
    bool Ready,
    IReadOnlyList<string> Because, int Waiting, long OldestWaitingMs, IReadOnlyList<string> Trouble, IReadOnlyList<string> NotSetUp);

/// <summary>
/// May this node get traffic? Only if it is not stopping, its schema is in the database, the database answers soon, nobody has waited for
/// too long in the ledger's line, and what was last heard of a commit is that it was made. If it was not, readiness tries a commit of its
/// own: a node without traffic would never learn otherwise that its disk or its primary is back.
/// </summary>
sealed class Readiness(Database db, GeneralLedger ledger, Loops loops, ExternalGateways outside, IHostApplicationLifetime life,
    TimeProvider clock)
{
    public static readonly TimeSpan MostForDatabase = TimeSpan.FromSeconds(2);
    public static readonly TimeSpan MostWaiting = TimeSpan.FromSeconds(5);

    public async Task<ReadyAnswer> Ask(CancellationToken ct)
    {
        var because = new List<string>();
        var oldest = ledger.OldestWaiting;
        if (life.ApplicationStopping.IsCancellationRequested)
            because.Add("the node is stopping");
        if (oldest > MostWaiting)
            because.Add(FormattableString.Invariant($"a payment has waited for {oldest.TotalSeconds:0.0} s in the ledger's line"));
        if (ledger.HistoryLost)
            because.Add("the database does not hold what this node committed to it: an old state was restored (docs/operating/backup.md)");
        if (because.Count == 0 && await AskDatabase(ct) is { } trouble)
            because.Add(trouble);
        return new ReadyAnswer(because.Count == 0, because, ledger.QueueLength, (long)oldest.TotalMilliseconds,
            [.. loops.InTrouble.Select(InWords)], [.. outside.Missing.Select(g => g.ToString().ToLowerInvariant())]);
    }

    static string InWords(LoopState loop) => loop.Failures > 0
        ? FormattableString.Invariant(
            $"{loop.Name}: has not gone well for {loop.Since.TotalSeconds:0} s, {loop.Failures} failures, the last {loop.Error}")
        : FormattableString.Invariant($"{loop.Name}: hangs for {loop.Since.TotalSeconds:0} s");

    /// <summary>
    /// What is wrong with the database; null when nothing is. A driver that does not listen to cancelling is not waited for.
    /// </summary>
    async Task<string?> AskDatabase(CancellationToken ct)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(ct);
        soon.CancelAfter(MostForDatabase);
        try
        {
            return await Task.Run(() => Look(soon.Token), CancellationToken.None).WaitAsync(MostForDatabase, ct);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            return FormattableString.Invariant($"the database did not answer within {MostForDatabase.TotalSeconds:0} s");
        }
        catch (Exception e) when (TransientFailure.Is(e))
        {
            return "the database does not answer";
        }
    }

    async Task<string?> Look(CancellationToken ct)
    {
        if (await db.MissingMigrations(ct) is > 0 and var missing)
            return FormattableString.Invariant($"the database lacks {missing} of this program's migrations");
        if (!ledger.Fails)
            return null;
        try
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
            await db.Transact(tx => Setting.Write(tx, "ready", now), ct);
            return null;
        }
        catch (DbException)
        {
            return "the ledger's last batch could not be committed, and neither could a try of our own";
        }
    }
}

[JsonSerializable(typeof(ReadyAnswer))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
sealed partial class ReadyJson : JsonSerializerContext;
