using System.Diagnostics.CodeAnalysis;

namespace Ensen.Basics;

/// <summary>
/// What a feature answers: a value, or a refusal it expected (an enum whose names are the contract's codes).
/// Failures nobody expected are exceptions.
/// </summary>
public readonly record struct Answer<TValue, TRefusal>
    where TValue : class
    where TRefusal : struct, Enum
{
    Answer(TValue? value, TRefusal refusal, bool replayed) => (Value, Refusal, Replayed) = (value, refusal, replayed);

    public TValue? Value { get; }
    public TRefusal Refusal { get; }

    /// <summary>True when an earlier request with the same key was answered, and this is that answer.</summary>
    public bool Replayed { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    public bool Accepted => Value is not null;

    public Answer<TValue, TRefusal> AsReplay() => new(Value, Refusal, true);

    public static implicit operator Answer<TValue, TRefusal>(TValue value) => new(value, default, false);
    public static implicit operator Answer<TValue, TRefusal>(TRefusal refusal) => new(null, refusal, false);
}
