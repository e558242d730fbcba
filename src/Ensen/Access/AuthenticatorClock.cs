namespace Ensen.Access;

/// <summary>
/// The time that authenticator apps go by: the machine's, also where the product's own clock can be moved. An app on a telephone knows
/// nothing of a clock that was moved.
/// </summary>
public sealed class AuthenticatorClock(TimeProvider real)
{
    public DateTimeOffset Now => real.GetUtcNow();
}
