using Ensen.Basics;
using Ensen.Ledger;
using Ensen.Members;

namespace Ensen.Links;

/// <summary>How a link stands.</summary>
public enum LinkState
{
    Open = 1,
    Claimed = 2,

    /// <summary>Nobody claimed it in time: the money is back with its sender.</summary>
    Lapsed = 3,

    /// <summary>Its sender took it back.</summary>
    Withdrawn = 4,
}

/// <summary>A link as it is sealed with the entry that set its money aside.</summary>
/// <param name="TokenKept">The token, protected, for its sender.</param>
public sealed record LinkRow(
    LinkId EntryId, MemberId Sender, Yen AmountYen, long AtMs, long UntilMs, string? Note, string TokenHash, string TokenKept)
{
    internal static DetailTable<LinkRow> Table { get; } = new DetailTable<LinkRow>("money_link")
        .Uuid("entry_id", l => l.EntryId)
        .Uuid("sender", l => l.Sender)
        .Yen("amount_yen", l => l.AmountYen)
        .Bigint("at_ms", l => l.AtMs)
        .Bigint("until_ms", l => l.UntilMs)
        .Text("note", l => l.Note)
        .Text("token_hash", l => l.TokenHash)
        .Text("token_kept", l => l.TokenKept);

    public DateTimeOffset At => Instant.OfMilliseconds(AtMs);
    public DateTimeOffset Until => Instant.OfMilliseconds(UntilMs);
}

/// <summary>That a link was claimed, as it is sealed with its entry; the note is what the sender wrote.</summary>
public sealed record LinkClaimRow(EntryId EntryId, LinkId Link, MemberId Receiver, Yen AmountYen, long AtMs, string? Note)
{
    internal static DetailTable<LinkClaimRow> Table { get; } = new DetailTable<LinkClaimRow>("link_claim")
        .Uuid("entry_id", c => c.EntryId)
        .Uuid("link", c => c.Link)
        .Uuid("receiver", c => c.Receiver)
        .Yen("amount_yen", c => c.AmountYen)
        .Bigint("at_ms", c => c.AtMs)
        .Text("note", c => c.Note);
}

/// <summary>That a link's money went back, as it is sealed with its entry; <paramref name="Why"/> is a <see cref="LinkState"/>.</summary>
public sealed record LinkReturnRow(EntryId EntryId, LinkId Link, Yen AmountYen, long AtMs, short Why)
{
    internal static DetailTable<LinkReturnRow> Table { get; } = new DetailTable<LinkReturnRow>("link_return")
        .Uuid("entry_id", r => r.EntryId)
        .Uuid("link", r => r.Link)
        .Yen("amount_yen", r => r.AmountYen)
        .Bigint("at_ms", r => r.AtMs)
        .Smallint("why", r => r.Why);
}

/// <summary>A link and how it stands; <paramref name="Receiver"/>: who claimed it, null while nobody has.</summary>
public sealed record MoneyLink(LinkRow Row, LinkState State, MemberId? Receiver, DateTimeOffset? EndedAt)
{
    /// <summary>An open link whose time is over stands as lapsed, though its money may be back only some minutes later.</summary>
    public LinkState StateAt(DateTimeOffset now) => State == LinkState.Open && now >= Row.Until ? LinkState.Lapsed : State;
}
