using Ensen.Campaigns;

namespace Ensen.Wallet;

/// <summary>How campaigns call the ways in which payments come about.</summary>
public static class Channels
{
    public static Channel Of(PayWay way) => way switch
    {
        PayWay.Direct => Channel.Store,
        PayWay.Tag => Channel.Tag,
        PayWay.StoreQr => Channel.Qr,
        PayWay.ShownCode => Channel.Code,
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, "no way to pay"),
    };
}
