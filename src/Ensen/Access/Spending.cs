namespace Ensen.Access;

/// <summary>
/// What leaves a wallet. A page's session does it with the signature of its browser's key (<see cref="DeviceKeys"/>); without one, each
/// time is proven for its own purpose. What has left is gone for good, so on a device that is new a call alone is not enough.
/// </summary>
public static class Spending
{
    public static StepUpPurpose Payments { get; } = new("payments", lasts: true);
    public static StepUpPurpose Transfers { get; } = new("transfers", lasts: true);
    public static StepUpPurpose Links { get; } = new("links", lasts: true);
    public static StepUpPurpose Requests { get; } = new("requests", lasts: true);
    public static StepUpPurpose Rewards { get; } = new("rewards", lasts: true);
    public static StepUpPurpose Withdrawals { get; } = new("withdrawals", lasts: true);
    public static StepUpPurpose Codes { get; } = new("codes", lasts: true);
}
