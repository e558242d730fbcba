namespace Ensen.Web;

/// <summary>A machine's clock that somebody set wrong, or nobody set: it is ahead by this much (behind, below 0).</summary>
sealed class WrongClock(TimeSpan ahead) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + ahead;
}
