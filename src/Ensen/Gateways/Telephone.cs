namespace Ensen.Gateways;

/// <summary>
/// Numbers of ours that people call to show that a telephone is theirs. A call is never answered, so it costs the caller nothing; whoever
/// has the numbers (a carrier, a cloud telephone service) reports who called which of them.
/// </summary>
public interface ITelephone
{
    /// <summary>The pool, in international form; empty where no telephone is set up.</summary>
    IReadOnlyList<string> Numbers { get; }
}

/// <summary>A pool of numbers whose calls are reported to us by HTTP (<see cref="ReportSignature"/>).</summary>
public sealed record ReportedTelephone(IReadOnlyList<string> Numbers) : ITelephone;

/// <summary>Somebody called one of our numbers.</summary>
/// <param name="Report">Names the report: one that comes twice is the same.</param>
/// <param name="From">The caller's number as the network showed it; null or no number when it was withheld.</param>
/// <param name="To">The number that was dialled.</param>
public sealed record IncomingCall(string Report, string? From, string? To);
