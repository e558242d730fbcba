using System.Data.Common;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Ensen.Basics;

namespace Ensen.Storage;

/// <summary>
/// A caller's promise that requests with this key are one request. The hash tells the same request from another one.
/// <paramref name="KeepsRefusals"/>: a refusal is an answer too, so a late duplicate cannot pay after the phone has said "not paid";
/// an order number does not keep them, since the shop tries the same order again with a fresh code.
/// </summary>
public sealed record IdempotencyKey(Guid Caller, string Key, byte[] RequestHash, bool KeepsRefusals = true)
{
    /// <summary>Makes a key; the parts are what makes the request this request.</summary>
    public static IdempotencyKey Of(Guid caller, string key, params ReadOnlySpan<object?> parts)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            var (sort, said) = Canonical(part);
            text.Append(sort).Append(said.Length).Append(':').Append(said);
        }
        return new IdempotencyKey(caller, key, SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    /// <summary>
    /// A part as it is hashed: its sort and, with its length before it, itself. The hash lives as long as the key, so it hangs on no name
    /// that is in the program: an enum is its number, an id its 128 bits.
    /// </summary>
    static (char Sort, string Said) Canonical(object? part) => part switch
    {
        null => ('0', ""),
        string text => ('t', text),
        Guid id => ('u', id.ToString("N")),
        ITypedId id => ('u', id.Value.ToString("N")),
        long or int or short or byte or Enum =>
            ('n', Convert.ToInt64(part, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture)),
        bool yes => ('n', yes ? "1" : "0"),
        _ => throw new NotSupportedException($"A request's part cannot be a {part.GetType().Name}: give what is in it."),
    };

    /// <summary>
    /// What the key of one of our forms begins with. No header can hold it: a program's own key is never taken for a form's.
    /// </summary>
    public const string OfForms = "form\n";

    public bool IsSameRequest(IdempotencyRecord found) => RequestHash.AsSpan().SequenceEqual(found.RequestHash);
}

/// <summary>What is remembered of a key: the request's hash and the answer, null while the first request is still under way.</summary>
public sealed record IdempotencyRecord(byte[] RequestHash, string? Answer);

/// <summary>Idempotency keys for requests that use an ordinary transaction. The ledger's writer keeps its own in its batches.</summary>
public static class IdempotencyKeys
{
    public static Task<IdempotencyRecord?> Find(DbConnection connection, IdempotencyKey key, DbTransaction? tx = null) =>
        connection.QuerySingleOrDefaultAsync<IdempotencyRecord?>(
            "select request_hash, answer from idempotency_key where caller = @Caller and key = @Key",
            new { key.Caller, key.Key }, tx);

    /// <summary>Takes the key. Returns false when somebody has it already (or takes it first).</summary>
    public static async Task<bool> Take(DbTransaction tx, IdempotencyKey key, DateTimeOffset now) =>
        await tx.Connection!.ExecuteAsync(
            """
            insert into idempotency_key (caller, key, request_hash, at_ms)
            values (@Caller, @Key, @RequestHash, @at)
            on conflict (caller, key) do nothing
            """,
            new { key.Caller, key.Key, key.RequestHash, at = now.ToUnixTimeMilliseconds() }, tx) == 1;

    /// <summary>Writes the final answer that repeats of the request are given.</summary>
    public static Task Answer(DbTransaction tx, Guid caller, string key, string answer) =>
        tx.Connection!.ExecuteAsync(
            "update idempotency_key set answer = @answer where caller = @caller and key = @key",
            new { caller, key, answer }, tx);

    /// <summary>Writes the answer unless there is one; returns the one that stands.</summary>
    public static async Task<string> AnswerFirst(DbTransaction tx, Guid caller, string key, string answer) =>
        await tx.Connection!.ExecuteScalarAsync<string>(
            """
            update idempotency_key
            set answer = coalesce(answer, @answer)
            where caller = @caller and key = @key
            returning answer
            """,
            new { caller, key, answer }, tx) ?? throw new InvalidOperationException("An idempotency key was forgotten.");
}

/// <summary>
/// Forgets idempotency keys that are older than anybody may count on: 400 days are promised to programs. What one of our own forms was
/// refused goes after two days: nothing else is left of it, no form is open for so long, and anybody can have them by the thousand. It
/// walks through all of them in their own order, in small bites, and so needs no further index on the busiest table.
/// </summary>
public sealed class ForgetKeys(Database db, TimeProvider clock)
{
    public const int KeptDays = 400;

    /// <summary>
    /// How long the refusal of a form is an answer: far longer than a late duplicate is on its way, and than a phone keeps an intent.
    /// </summary>
    public const int RefusalsKeptDays = 2;
    const int Bite = 2_000;
    const int Much = Bite / 2;
    static readonly TimeSpan s_between = TimeSpan.FromSeconds(5);
    static readonly TimeSpan s_hurried = TimeSpan.FromMilliseconds(500);

    /// <summary>Goes through all keys once, with pauses; where it finds much it hurries.</summary>
    public async Task Run(CancellationToken ct = default)
    {
        var (caller, key) = (Guid.Empty, "");
        do
        {
            (caller, key, var forgotten) = await Forget(caller, key, ct);
            if (caller != Guid.Empty)
                await Task.Delay(forgotten >= Much ? s_hurried : s_between, ct);
        }
        while (caller != Guid.Empty);
    }

    /// <summary>One bite after this key; returns where to go on, the beginning when it is through, and how many were forgotten.</summary>
    internal async Task<(Guid Caller, string Key, int Forgotten)> Forget(Guid caller, string key, CancellationToken ct = default)
    {
        var now = clock.GetUtcNow();
        var before = now.AddDays(-KeptDays - 1).ToUnixTimeMilliseconds();
        var refusedBefore = now.AddDays(-RefusalsKeptDays).ToUnixTimeMilliseconds();
        const string form = IdempotencyKey.OfForms + "%";
        await using var connection = await db.Connect(ct);
        var some = (await connection.QueryAsync<(Guid Caller, string Key, long AtMs, bool Refused)>(
            """
            select caller, key, at_ms, coalesce(answer like '!%' and key like @form, false)
            from idempotency_key
            where (caller, key) > (@caller, @key)
            order by caller, key
            limit @Bite
            """,
            new { caller, key, Bite, form })).AsList();
        if (some.Count == 0)
            return (Guid.Empty, "", 0);
        // A charge's key names no entry either, and one under way has no answer: a refusal is known by its answer alone (StoredAnswer).
        var forgotten = !some.Exists(o => o.AtMs < (o.Refused ? refusedBefore : before)) ? 0
            : await db.Transact(tx => tx.Connection!.ExecuteAsync(
            """
            delete from idempotency_key
            where (caller, key) > (@caller, @key) and (caller, key) <= (@toCaller, @toKey)
              and (at_ms < @before or (at_ms < @refusedBefore and answer like '!%' and entry_id is null and key like @form))
            """,
            new { caller, key, toCaller = some[^1].Caller, toKey = some[^1].Key, before, refusedBefore, form }, tx), ct);
        return some.Count < Bite ? (Guid.Empty, "", forgotten) : (some[^1].Caller, some[^1].Key, forgotten);
    }
}
