namespace Ensen.Wallet;

/// <summary>What is an amount at all, before any rule looks at it.</summary>
public static class Movement
{
    /// <summary>Nine digits: far above every cap, far below where numbers stop being exact in other people's programs.</summary>
    public const long Most = 999_999_999;

    public static bool IsAmount(long yen) => yen is > 0 and <= Most;
}
