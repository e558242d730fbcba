namespace Ensen.Access;

/// <summary>
/// What leaves a wallet. A page's session does it with the signature of its browser's key (<see cref="DeviceKeys"/>); without one, each
/// time is proven for its own purpose.
/// </summary>
public static class Spending
{
    public static StepUpPurpose Payments { get; } = new("payments");
    public static StepUpPurpose Transfers { get; } = new("transfers");
    public static StepUpPurpose Codes { get; } = new("codes");
}
