using System.Net;
using System.Net.Sockets;

namespace Ensen.Web.Session;

/// <summary>What a request says of the device it comes from.</summary>
public static class RequestDevice
{
    static readonly (string Mark, string Name)[] s_browsers =
        [("Edg", "Edge"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"), ("FxiOS", "Firefox"), ("CriOS", "Chrome"),
            ("Chrome", "Chrome"), ("Safari", "Safari")];

    static readonly (string Mark, string Name)[] s_systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "Chromebook"),
            ("Mac OS X", "Mac"), ("Linux", "Linux")];

    /// <summary>A name its owner recognises in the list of devices: "Safari, iPhone".</summary>
    public static string DeviceOf(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        var browser = s_browsers.FirstOrDefault(b => agent.Contains(b.Mark, StringComparison.Ordinal)).Name ?? "Browser";
        var system = s_systems.FirstOrDefault(s => agent.Contains(s.Mark, StringComparison.Ordinal)).Name;
        return system is null ? browser : $"{browser}, {system}";
    }

    /// <summary>Where to go after signing in: a path of our own, never another site's ("//evil.example"), else the start.</summary>
    public static string Then(string? path) =>
        path is ['/', ..] && path is not ['/', '/' or '\\', ..] && !path.Any(char.IsControl) ? path : "/";

    /// <summary>The address that tries are counted by: IPv4 as it is, IPv6 by its /64, which is one subscriber.</summary>
    public static string AddressOf(HttpContext context)
    {
        var address = context.Connection.RemoteIpAddress ?? IPAddress.None;
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }
}
