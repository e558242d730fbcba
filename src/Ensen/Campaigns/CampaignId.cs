using System.Security.Cryptography;
using System.Text.Json.Serialization;
using Ensen.Basics;
using Ensen.Members;

namespace Ensen.Campaigns;

/// <summary>A campaign, which owns the purse of its budget. Outside: <c>cmp_…</c>.</summary>
[JsonConverter(typeof(TypedIdJson<CampaignId>))]
public readonly record struct CampaignId(Guid Value) : ITypedId<CampaignId>
{
    public static string Prefix => "cmp";

    public static CampaignId Of(Guid value) => new(value);

    public static implicit operator Guid(CampaignId id) => id.Value;

    /// <summary>
    /// Under which id it is counted what a member got of the campaign, and that they entered it: made from both, at the member's place. It
    /// begins as the member's id does, so that the row lies beside the member's own limits and not on a page of its own.
    /// </summary>
    public Guid Share(MemberId member)
    {
        Span<byte> both = stackalloc byte[32];
        Value.TryWriteBytes(both, bigEndian: true, out _);
        member.Value.TryWriteBytes(both[16..], bigEndian: true, out _);
        Span<byte> share = stackalloc byte[32];
        SHA256.HashData(both, share);
        both.Slice(16, 8).CopyTo(share);
        return Place.Of(member).Put(new Guid(share[..16], bigEndian: true));
    }

    public override string ToString() => Id.Format(Prefix, Value);
}
