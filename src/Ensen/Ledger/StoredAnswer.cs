using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ensen.Basics;
using Ensen.Storage;

namespace Ensen.Ledger;

/// <summary>
/// How answers are remembered: <c>=</c>, what kind of answer it is and the value's JSON, or <c>!</c>, the kind and the refusal's number.
/// </summary>
public static class StoredAnswer
{
    /// <summary>The word that a kind of answer is kept under: its <see cref="StoredAsAttribute"/>.</summary>
    static string Kind<TValue>() => Names<TValue>.Name;

    public static string Write<TValue, TRefusal>(Answer<TValue, TRefusal> answer, JsonTypeInfo<TValue> json)
        where TValue : class
        where TRefusal : struct, Enum =>
        answer.Accepted
            ? $"={Kind<TValue>()} {JsonSerializer.Serialize(answer.Value, json)}"
            : string.Create(CultureInfo.InvariantCulture,
                $"!{Kind<TValue>()} {Convert.ToInt32(answer.Refusal, CultureInfo.InvariantCulture)}");

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
            .StartsWith(Kind<TValue>() + " ", StringComparison.Ordinal)
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

    static class Names<TValue>
    {
        public static readonly string Name = typeof(TValue).GetCustomAttribute<StoredAsAttribute>()?.Name
            ?? throw new InvalidOperationException($"{typeof(TValue).Name} is kept as an answer and does not say under which word.");
    }
}

/// <summary>
/// The word that answers of this type are kept under beside their idempotency key, for as long as keys live. It is never changed, whatever
/// the type is called; the same holds for the names of its values (a test pins both).
/// </summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class StoredAsAttribute(string name) : Attribute
{
    public string Name { get; } = name;
}
