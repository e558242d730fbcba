using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using IPNetwork = System.Net.IPNetwork;

namespace Ensen.Web.Session;

/// <summary>
/// The proxies in front of this node, named one by one (<c>Ensen:Proxies</c>). Only what they say of a request is believed: whether it came
/// by https, and from whom. What the same headers say without them, or before them, anybody could have written.
/// </summary>
static class Proxies
{
    /// <summary>
    /// Addresses and networks (<c>10.0.0.0/8</c>, <c>::1</c>), separated by commas or spaces. Null when one of them is neither.
    /// </summary>
    public static IReadOnlyList<IPNetwork>? Read(string? setting)
    {
        var networks = new List<IPNetwork>();
        foreach (var text in (setting ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            if (IPNetwork.TryParse(text, out var network))
                networks.Add(network);
            else if (IPAddress.TryParse(text, out var address))
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else
                return null;
        return networks;
    }

    public static void AddProxies(this IServiceCollection services, IReadOnlyList<IPNetwork> proxies) =>
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            // Not the host: a proxy passes it on as Host, and browsers' own word for it (X-Forwarded-Host) is anybody's.
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.ForwardLimit = null;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var proxy in proxies)
                options.KnownIPNetworks.Add(proxy);
        });

    /// <summary>
    /// First of all: everything after it sees the request as the visitor sent it. Who is no proxy but speaks like one is told of, once.
    /// </summary>
    public static void UseProxies(this WebApplication app, IReadOnlyList<IPNetwork> proxies)
    {
        if (proxies.Count > 0)
            app.UseForwardedHeaders();
        var told = 0;
        app.Use(next => context =>
        {
            // The proxies' own entries were taken off by now: what is left of the first request was not said by one of them.
            if (told == 0 && context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName)
                && !context.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName)
                    && Interlocked.Exchange(ref told, 1) == 0)
                app.Logger.LogWarning(
                    "X-Forwarded-For comes from {Address}, which is no proxy of Ensen:Proxies: it is ignored",
                    context.Connection.RemoteIpAddress);
            return next(context);
        });
    }
}
