namespace Ensen.Settlement;

/// <summary>Why a transfer was not made, by the digit of the bank's answer; words that stay the same.</summary>
public static class PayOutReasons
{
    public const int Paid = 0;

    /// <summary>It was paid and came back.</summary>
    public const int Returned = 9;

    /// <summary>The bank took none of the file's lines. That is no fault of any account.</summary>
    public const string FileRefused = "file_refused";

    public static IReadOnlyList<string> All { get; } =
        ["no_such_account", "holder_differs", "account_closed", "refused_by_bank", "returned", FileRefused];

    public static string Of(int code) => code switch
    {
        1 => "no_such_account",
        2 => "holder_differs",
        3 => "account_closed",
        Returned => "returned",
        _ => "refused_by_bank",
    };
}
