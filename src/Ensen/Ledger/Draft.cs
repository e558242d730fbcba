using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>What a decision wants to happen: an answer, and (when it is not a refusal) an entry with what must commit beside it.</summary>
public sealed record Decision<TValue, TRefusal>(Answer<TValue, TRefusal> Answer)
    where TValue : class
    where TRefusal : struct, Enum
{
    public Entry? Entry { get; init; }
    public IReadOnlyList<AllowanceUse> Uses { get; init; } = [];
    public IReadOnlyList<Fact> Facts { get; init; } = [];
    public IReadOnlyList<Rider> Riders { get; init; } = [];

    /// <summary>Topics to raise once it is committed, so that live screens look again.</summary>
    public IReadOnlyList<string> News { get; init; } = [];

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

    /// <summary>The owners whose guarded accounts and allowances the decision looks at or changes.</summary>
    public abstract IReadOnlyList<Guid> Owners { get; }

    public virtual IReadOnlyList<OnceKey> Once => [];

    /// <summary>The facts that the decision asks about.</summary>
    public virtual IReadOnlyList<Fact> Facts => [];

    public abstract Decision<TValue, TRefusal> Decide(Standing standing);

    /// <summary>What to answer when a once-only key was used for another request.</summary>
    public abstract TRefusal Reused(OnceKey key);

    /// <summary>How the answer is remembered for repeats.</summary>
    public abstract JsonTypeInfo<TValue> Json { get; }

    /// <summary>Nobody stands and waits for it: it is taken however many wait already.</summary>
    public virtual bool IsPatient => false;

    /// <summary>What a request with one of these keys was answered before, read outside the line; null when none of them has an answer.</summary>
    internal Task<Answer<TValue, TRefusal>?> Earlier(Database db, CancellationToken ct) => RememberedAnswer.Find(db, Once, Json, Reused, ct);

    /// <summary>Rare: work of the caller's in the same transaction. The draft is then a batch of its own.</summary>
    public virtual Func<DbTransaction, CancellationToken, Task>? Alongside => null;
}

/// <summary>How answers are remembered: <c>=</c> and the value's JSON, or <c>!</c> and the refusal's number.</summary>
public static class RememberedAnswer
{
    public static string Write<TValue, TRefusal>(Answer<TValue, TRefusal> answer, JsonTypeInfo<TValue> json)
        where TValue : class
        where TRefusal : struct, Enum =>
        answer.Accepted
            ? "=" + JsonSerializer.Serialize(answer.Value, json)
            : "!" + Convert.ToInt32(answer.Refusal, CultureInfo.InvariantCulture).ToString(CultureInfo.InvariantCulture);

    public static Answer<TValue, TRefusal> Read<TValue, TRefusal>(string text, JsonTypeInfo<TValue> json)
        where TValue : class
        where TRefusal : struct, Enum
    {
        Answer<TValue, TRefusal> answer = text[0] == '='
            ? JsonSerializer.Deserialize(text.AsSpan(1), json)!
            : (TRefusal)Enum.ToObject(typeof(TRefusal), int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture));
        return answer.AsReplay();
    }

    /// <summary>
    /// What a request with one of these keys was answered before, the first key first; a key that was used for another request is
    /// answered by <paramref name="reused"/>. Null when none of them has an answer yet.
    /// </summary>
    public static async Task<Answer<TValue, TRefusal>?> Find<TValue, TRefusal>(
        Database db, IReadOnlyList<OnceKey> keys, JsonTypeInfo<TValue> json, Func<OnceKey, TRefusal> reused, CancellationToken ct)
        where TValue : class
        where TRefusal : struct, Enum
    {
        if (keys.Count == 0)
            return null;
        await using var connection = await db.Connect(ct);
        Answer<TValue, TRefusal>? earlier = null;
        // Keys are written together and read one after the other, the first one last: whoever sees a later one sees it too, and it comes first.
        foreach (var key in keys.Reverse())
            if (await OnceKeys.Find(connection, key) is { } found)
                earlier = !key.IsSameRequest(found) ? reused(key) : found.Answer is { } answer ? Read<TValue, TRefusal>(answer, json) : earlier;
        return earlier;
    }
}
