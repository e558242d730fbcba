namespace Ensen.Basics;

/// <summary>Instants as they are kept: whole milliseconds, so that what is answered now is what will be read later.</summary>
public static class Instant
{
    public static DateTimeOffset Now(this TimeProvider clock) => OfMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());

    public static DateTimeOffset OfMilliseconds(long ms) => DateTimeOffset.FromUnixTimeMilliseconds(ms);
}
