namespace Ensen.Bench.Peers;

/// <summary>One payment as a peer is asked for it.</summary>
readonly record struct PeerPayment(Guid Id, Guid Member, Guid Store, long AmountYen, long AtMs, short Stripe)
{
    public long Points => AmountYen / 200;
}

/// <summary>
/// Another way to keep the same books on PostgreSQL, to compare with: decent SQL, prepared, two round trips a payment, the same rows
/// written. One peer belongs to one connection.
/// </summary>
interface IPeer : IAsyncDisposable
{
    /// <summary>Makes one payment and returns when it is durable. False: there was not enough.</summary>
    Task<bool> Pay(PeerPayment payment);
}
