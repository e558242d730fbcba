namespace Ensen.Ui;

/// <summary>How long a body of this type may be, where it is longer than others may: a list of what happened, and no form.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class MostBytesAttribute(int most) : Attribute
{
    public int Most { get; } = most;
}
