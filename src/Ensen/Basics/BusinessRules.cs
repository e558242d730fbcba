namespace Ensen.Basics;

/// <summary>Accounts of companies: who may pay what alone.</summary>
public sealed record BusinessRules
{
    /// <summary>The law's cap for one transfer, for everyone and always (funds transfer business, type II).</summary>
    public const long MostOfOne = 1_000_000;

    /// <summary>
    /// So much one person may pay on a day for their company; above it every transfer waits for a second one. Of the company's people
    /// together, so that nothing is split into parts.
    /// </summary>
    public long AloneADay { get; init; } = 100_000;
}
