using Ensen.Basics;

namespace Ensen.Gateways;

/// <summary>The ATM network: it is told what deposit to expect, and says which notes were put in.</summary>
public interface IAtm
{
    /// <summary>
    /// Expects a deposit until the given instant. Sent again with the same id it answers the same ticket. Null: no answer in time.
    /// </summary>
    Task<AtmTicket?> Expect(AtmExpectation expectation, CancellationToken ct);

    /// <summary>Where the expected deposit stands; null when the network never heard of it.</summary>
    Task<AtmTicket?> Ask(Guid requestId, CancellationToken ct);

    /// <summary>Whom to ring when the network calls back. Registered once, at start.</summary>
    void WhenNews(NewsOfRequest hear);
}

/// <summary>A deposit that a member announced.</summary>
public sealed record AtmExpectation(Guid RequestId, Yen Asked, DateTimeOffset Until);

/// <summary>Where an expected deposit stands.</summary>
public enum AtmPhase
{
    /// <summary>No notes yet, or not reported yet.</summary>
    Waiting = 1,

    /// <summary>Notes were put in: what was counted is ours to book, also when it is not what was asked.</summary>
    Deposited = 2,

    /// <summary>The time passed without notes, and the ATM takes none for it any more.</summary>
    Lapsed = 3,
}

/// <summary>
/// What the member types at the ATM (company number, then customer number), and what became of it.
/// <paramref name="Deposited"/> is what the machine counted; zero before.
/// </summary>
public sealed record AtmTicket(
    Guid RequestId, string CompanyNumber, string CustomerNumber, Yen Asked, DateTimeOffset Until, AtmPhase Phase, Yen Deposited);
