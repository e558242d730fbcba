using Ensen.Basics;
using Ensen.Gateways;

namespace Ensen.Sandbox.Gateways;

/// <summary>The sandbox's card company with its 3-D Secure. Everybody has a test card there.</summary>
public sealed class SandboxCardCompany : ICardCompany
{
    readonly SandboxRequests _charges;
    readonly SandboxRequests _proofs;

    internal SandboxCardCompany(SandboxRequests charges, SandboxRequests proofs) => (_charges, _proofs) = (charges, proofs);

    public Task<RegisteredCard?> CardOf(Guid holder, CancellationToken ct) =>
        Task.FromResult<RegisteredCard?>(new($"card_{Id.Bare(holder)}", "Loop Line Card", SandboxDigits.Of(holder, 4)));

    public async Task<CardholderProof> Authenticate(CardPurchase purchase, CancellationToken ct)
    {
        var reply = await _proofs.Receive(purchase.RequestId, purchase.CardToken, purchase.Amount, null, ct);
        return new CardholderProof(reply, reply.Kind == ReplyKind.Accepted ? ProofOf(purchase.RequestId) : null);
    }

    public async Task<Reply> Charge(CardPurchase purchase, string? proof, CancellationToken ct) =>
        await _charges.Receive(purchase.RequestId, purchase.CardToken, purchase.Amount, await Refusal(purchase, proof, ct), ct);

    public Task<Reply> Ask(Guid requestId, CancellationToken ct) => _charges.Ask(requestId, ct);

    public void WhenNews(NewsOfRequest hear)
    {
        _charges.WhenNews(hear);
        _proofs.WhenNews(hear);
    }

    /// <summary>The latest charges, newest first, each with its truth.</summary>
    public Task<IReadOnlyList<SandboxRequest>> Latest(int limit, CancellationToken ct = default) => _charges.Latest(limit, ct);

    /// <summary>All that was ever charged to cards.</summary>
    public Task<Yen> Charged(CancellationToken ct = default) => _charges.Accepted(ct);

    async Task<string?> Refusal(CardPurchase purchase, string? proof, CancellationToken ct)
    {
        if (purchase.Amount <= Yen.Zero)
            return "invalid_amount";
        if (proof is null)
            return "three_d_secure_missing";
        var given = proof == ProofOf(purchase.RequestId) ? await _proofs.Find(purchase.RequestId, ct) : null;
        return given is { Fate.Kind: ReplyKind.Accepted } && given.Party == purchase.CardToken && given.Amount == purchase.Amount
            ? null
            : "three_d_secure_mismatch";
    }

    static string ProofOf(Guid requestId) => $"tds_{Id.Bare(requestId)}";
}
