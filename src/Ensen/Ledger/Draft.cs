using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// What a decision wants to happen: an answer, and (when it is not a refusal) an entry with what must commit beside it. Without an
/// entry it may still count something against a spending limit: then its draft has an idempotency key, by which a retry finds it done.
/// </summary>
public sealed record Decision<TValue, TRefusal>(Answer<TValue, TRefusal> Answer)
    where TValue : class
    where TRefusal : struct, Enum
{
    public Entry? Entry { get; init; }
    public IReadOnlyList<LimitUse> Uses { get; init; } = [];
    public IReadOnlyList<SingleUse> SingleUses { get; init; } = [];
    public IReadOnlyList<EntryDetail> Details { get; init; } = [];

    /// <summary>A refusal that the same key may ask about again: "not now" is no answer to keep.</summary>
    public bool IsForNow { get; init; }

    /// <summary>
    /// Rare: work of the feature's own in the same transaction, for a draft that <see cref="Draft{TValue, TRefusal}.IsAlone"/>.
    /// </summary>
    public Func<DbTransaction, CancellationToken, Task>? Alongside { get; init; }

    /// <summary>Topics to raise once it is committed, so that live screens look again.</summary>
    public IReadOnlyList<string> Topics { get; init; } = [];

    public static implicit operator Decision<TValue, TRefusal>(TRefusal refusal) => new((Answer<TValue, TRefusal>)refusal);
}

/// <summary>
/// A request to the ledger. It names what must be known, and decides purely from that. The decision may be asked for more than
/// once (somebody else moved first), so it changes nothing by itself.
/// </summary>
public abstract class Draft<TValue, TRefusal>
    where TValue : class
    where TRefusal : struct, Enum
{
    /// <summary>The entry's id, made by the caller before the first try.</summary>
    public abstract Guid Id { get; }

    /// <summary>The owners whose guarded accounts and limits the decision looks at or changes.</summary>
    public abstract IReadOnlyList<Guid> Owners { get; }

    public virtual IReadOnlyList<IdempotencyKey> IdempotencyKeys => [];

    /// <summary>The single uses that the decision asks about.</summary>
    public virtual IReadOnlyList<SingleUse> SingleUses => [];

    public abstract Decision<TValue, TRefusal> Decide(AccountState state);

    /// <summary>What to answer when an idempotency key was used for another request.</summary>
    public abstract TRefusal Reused(IdempotencyKey key);

    /// <summary>How the answer is remembered for repeats.</summary>
    public abstract JsonTypeInfo<TValue> Json { get; }

    /// <summary>Nobody stands and waits for it: it is taken however many wait already.</summary>
    public virtual bool IsPatient => false;

    /// <summary>
    /// What a request with one of these keys was answered before, read outside the commit queue; null when none of them has an answer.
    /// </summary>
    internal Task<Answer<TValue, TRefusal>?> FindStoredAnswer(Database db, CancellationToken ct) =>
        StoredAnswer.Find(db, IdempotencyKeys, Json, Reused, ct);

    /// <summary>Its decision has work of its own beside it, so the draft is a batch of its own.</summary>
    public virtual bool IsAlone => false;

    /// <summary>
    /// For what is only begun here: its keys are taken, and what they answer is written by the feature once the outcome is known. This is
    /// what the same request is told until then.
    /// </summary>
    public virtual TValue? UnderWay => null;
}

/// <summary>
/// How answers are remembered: <c>=</c>, what kind of answer it is and the value's JSON, or <c>!</c>, the kind and the refusal's number.
/// </summary>
public static class StoredAnswer
{
    public static string Write<TValue, TRefusal>(Answer<TValue, TRefusal> answer, JsonTypeInfo<TValue> json)
        where TValue : class
        where TRefusal : struct, Enum =>
        answer.Accepted
            ? $"={typeof(TValue).Name} {JsonSerializer.Serialize(answer.Value, json)}"
            : string.Create(CultureInfo.InvariantCulture,
                $"!{typeof(TValue).Name} {Convert.ToInt32(answer.Refusal, CultureInfo.InvariantCulture)}");

    public static Answer<TValue, TRefusal> Read<TValue, TRefusal>(string text, JsonTypeInfo<TValue> json)
        where TValue : class
        where TRefusal : struct, Enum
    {
        var said = text.AsSpan(text.IndexOf(' ', StringComparison.Ordinal) + 1);
        Answer<TValue, TRefusal> answer = text[0] == '='
            ? JsonSerializer.Deserialize(said, json)!
            : (TRefusal)Enum.ToObject(typeof(TRefusal), int.Parse(said, CultureInfo.InvariantCulture));
        return answer.AsReplay();
    }

    /// <summary>
    /// What became of the request with this key, whatever exactly it asked for; null while nothing is known of it, and when the key was
    /// used for something of another kind.
    /// </summary>
    public static async Task<Answer<TValue, TRefusal>?> FindOutcome<TValue, TRefusal>(
        Database db, Guid caller, string key, JsonTypeInfo<TValue> json, CancellationToken ct)
        where TValue : class
        where TRefusal : struct, Enum
    {
        await using var connection = await db.Connect(ct);
        return await IdempotencyKeys.Find(connection, IdempotencyKey.Of(caller, key)) is { Answer: { } text } && text.AsSpan(1)
            .StartsWith(typeof(TValue).Name + " ", StringComparison.Ordinal)
            ? Read<TValue, TRefusal>(text, json)
            : (Answer<TValue, TRefusal>?)null;
    }

    /// <summary>
    /// What a request with one of these keys was answered before, the first key first; a key that was used for another request is
    /// answered by <paramref name="reused"/>. Null when none of them has an answer yet.
    /// </summary>
    public static async Task<Answer<TValue, TRefusal>?> Find<TValue, TRefusal>(
        Database db, IReadOnlyList<IdempotencyKey> keys, JsonTypeInfo<TValue> json, Func<IdempotencyKey, TRefusal> reused,
        CancellationToken ct)
        where TValue : class
        where TRefusal : struct, Enum
    {
        if (keys.Count == 0)
            return null;
        await using var connection = await db.Connect(ct);
        Answer<TValue, TRefusal>? earlier = null;
        // Keys are written together and read one after the other, the first one last: whoever sees a later one sees it too, and it comes
        // first.
        foreach (var key in keys.Reverse())
            if (await IdempotencyKeys.Find(connection, key) is { } found)
                earlier = !key.IsSameRequest(found) ? reused(key)
                    : found.Answer is { } answer ? Read<TValue, TRefusal>(answer, json)
                    : earlier;
        return earlier;
    }
}
