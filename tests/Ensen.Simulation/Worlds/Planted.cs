using Ensen.Access;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Ledger;
using Ensen.Transit;

namespace Ensen.Simulation.Worlds;

/// <summary>A fault planted into the product's rules, to see that the simulation notices. This one is none.</summary>
class Planted
{
    public static readonly Planted Nothing = new();

    /// <summary>The rules that the product runs by; the auditor has its own.</summary>
    public virtual Programme Programme(Programme programme) => programme;

    /// <summary>What the product's programs declare; the auditor looks by what they should.</summary>
    public virtual Catalogue Catalogue(Catalogue catalogue) => catalogue;

    /// <summary>A member has just thrown this session out on a node.</summary>
    public virtual Task ThrownOut(Node node, SessionId session) => Task.CompletedTask;

    /// <summary>A transit card has just been unlinked on a node.</summary>
    public virtual Task Unlinked(Node node, TransitCardId card) => Task.CompletedTask;

    /// <summary>Somebody has just guessed at a point card's PIN on a node.</summary>
    public virtual Task Guessed(Node node) => Task.CompletedTask;

    /// <summary>How the product reaches who is outside; the outside knows what it was really asked.</summary>
    public virtual ExternalGateways Outside(ExternalGateways outside) => outside;

    public virtual IPointCardIssuers Issuers(IPointCardIssuers issuers) => issuers;

    /// <summary>What stands between a writer and its store.</summary>
    public virtual LedgerStore Into(LedgerStore store, World world, Node node) => store;
}
