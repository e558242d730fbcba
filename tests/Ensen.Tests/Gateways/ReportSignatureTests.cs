using System.Globalization;
using System.Text;
using Ensen.Gateways;
using Ensen.Tests.Members;
using StandardWebhooks;

namespace Ensen.Tests.Gateways;

/// <summary>Whose reports are believed: the library of Standard Webhooks signs, and what it signed is altered.</summary>
public class ReportSignatureTests
{
    const string Body = """{"from":"+819000000001","to":"+815000000101"}""";

    static readonly string s_secret = Secret(1);
    readonly HandClock _clock = new();

    [Fact]
    public void What_the_standards_own_library_signs_is_believed()
    {
        var now = _clock.GetUtcNow();
        IsGenuine("call-1", now, Sign(s_secret, "call-1", now)).ShouldBeTrue();
        IsGenuine("call-1", now, $"v1,AAAA v2,x {Sign(s_secret, "call-1", now)}").ShouldBeTrue("one of several");
        Reader(s_secret, Secret(2)).IsGenuine("call-1", Seconds(now), Sign(Secret(2), "call-1", now), Bytes(Body)).ShouldBeTrue("a key's turn");
        foreach (var off in new[] { -300, 300 })
            IsGenuine("call-1", now.AddSeconds(off), Sign(s_secret, "call-1", now.AddSeconds(off))).ShouldBeTrue($"{off} s");
    }

    [Fact]
    public void What_is_forged_altered_old_or_from_the_future_is_not()
    {
        var now = _clock.GetUtcNow();
        var right = Sign(s_secret, "call-1", now);

        IsGenuine("call-1", now, Sign(Secret(2), "call-1", now)).ShouldBeFalse("another key");
        IsGenuine("call-2", now, right).ShouldBeFalse("another name");
        IsGenuine("call-1", now.AddSeconds(1), right).ShouldBeFalse("another time");
        Reader(s_secret).IsGenuine("call-1", Seconds(now), right, Bytes(Body.Replace("0001", "0002", StringComparison.Ordinal))).ShouldBeFalse();
        foreach (var off in new[] { -301, 301 })
            IsGenuine("call-1", now.AddSeconds(off), Sign(s_secret, "call-1", now.AddSeconds(off))).ShouldBeFalse($"{off} s");
        foreach (var signature in new[] { null, "", "v1,", "v1", right[3..], right.Replace("v1", "v2", StringComparison.Ordinal), "v1,====" })
            IsGenuine("call-1", now, signature).ShouldBeFalse(signature);
        foreach (var time in new[] { null, "", "now", "-1", "1e9", "99999999999", "999999999999999999999" })
            Reader(s_secret).IsGenuine("call-1", time, right, Bytes(Body)).ShouldBeFalse(time);
        foreach (var id in new[] { null, "", "a.b", "a b", new string('a', 201) })
            IsGenuine(id, now, Sign(s_secret, id ?? "", now)).ShouldBeFalse(id);
        new ReportSignature([], _clock).IsGenuine("call-1", Seconds(now), right, Bytes(Body)).ShouldBeFalse("nobody shares a key with us");
    }

    bool IsGenuine(string? id, DateTimeOffset at, string? signature) => Reader(s_secret).IsGenuine(id, Seconds(at), signature, Bytes(Body));

    ReportSignature Reader(params string[] secrets) => new(ReportSignature.ReadKeys(string.Join(',', secrets))!, _clock);

    static string Sign(string secret, string id, DateTimeOffset at) => new StandardWebhook(secret).Sign(id, at, Body);

    static string Secret(byte of) => "whsec_" + Convert.ToBase64String([.. Enumerable.Repeat(of, 32)]);

    static string Seconds(DateTimeOffset at) => at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
