namespace Ensen.Gateways;

/// <summary>
/// The bank that pays merchants out by files of transfers. The id of a file makes the bank take it once, however often it is sent.
/// </summary>
public interface IPayOutBank
{
    /// <summary>Hands a file in. Sent again with the same id it answers as before and transfers nothing more.</summary>
    Task<PayOutStanding> Send(PayOutOrder order, CancellationToken ct);

    /// <summary>How a file stands; hands nothing in.</summary>
    Task<PayOutStanding> Ask(Guid fileId, CancellationToken ct);

    /// <summary>Whom to ring when the bank calls. Registered once, at start.</summary>
    void WhenNews(NewsOfRequest hear);
}

/// <summary>A file of transfers in the Zengin layout, as bytes.</summary>
public sealed record PayOutOrder(Guid FileId, byte[] File);

/// <summary>
/// How a file stands at the bank: whether it was taken, and once it was carried out the bank's answer, line by line, as bytes. A later
/// answer may say of a line that was paid that it came back.
/// </summary>
public sealed record PayOutStanding(Reply Reply, byte[]? Answer = null);
