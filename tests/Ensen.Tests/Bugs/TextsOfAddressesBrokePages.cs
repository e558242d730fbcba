using System.Reflection;
using System.Text.RegularExpressions;
using Ensen.Tests.Web;
using Ensen.Web.Api;
using Microsoft.AspNetCore.Components;

namespace Ensen.Tests.Bugs;

/// <summary>
/// A text in an address that could not be read as a number or a yes broke the page: 500, also at addresses that the product itself leads
/// to.
/// </summary>
[Collection(nameof(ProductionNode))]
public sealed partial class TextsOfAddressesBrokePages(ProductionNode node)
{
    static readonly string[] s_texts = ["", "1", "-1", "abc", "1e9", "１", "99999999999999999999", "%00", "a%00b", "%ED%A0%80",
        "%F0%9F%9A%83", "..%2F..", "2026-02-30", "0001-01-01", "9999-12-31", "0001-01", "9999-12", "true&{0}=false", new('x', 2_000)];

    [Fact]
    public async Task Whatever_is_asked_for_in_a_query_a_page_answers()
    {
        var complaints = new List<string>();
        foreach (var (route, name) in Queries())
            foreach (var visit in node.Visits.All.Where(v => v.Route == route).DistinctBy(v => v.Who))
                foreach (var text in s_texts)
                    await Try(visit.Who, $"{visit.Address.Split('?')[0]}?{name}={text.Replace("{0}", name, StringComparison.Ordinal)}",
                        complaints);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Whatever_stands_in_a_path_a_page_answers()
    {
        var complaints = new List<string>();
        foreach (var visit in node.Visits.All.Where(v => v.Route.Contains('{', StringComparison.Ordinal)).DistinctBy(v => (v.Route, v.Who)))
            foreach (var text in s_texts.Where(t => t.Length > 0 && !t.Contains('&', StringComparison.Ordinal)))
                await Try(visit.Who, Part().Replace(visit.Route, text), complaints);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public void There_are_queries_to_try() => Queries().Count().ShouldBeGreaterThan(20);

    async Task Try(Who who, string address, List<string> complaints)
    {
        using var answer = await node.Http.SendAsync(node.Visits.Request(who, address), TestContext.Current.CancellationToken);
        if ((int)answer.StatusCode >= 500)
            complaints.Add($"{who} {address[..Math.Min(address.Length, 100)]}: {(int)answer.StatusCode}");
    }

    /// <summary>Each page's address with each name that it, or a piece of any page, reads from the query.</summary>
    static IEnumerable<(string Route, string Name)> Queries()
    {
        var components = typeof(ApiSetup).Assembly.GetTypes().Where(typeof(IComponent).IsAssignableFrom).ToList();
        var everywhere = components.Where(c => !c.GetCustomAttributes<RouteAttribute>().Any()).SelectMany(NamesOf).ToList();
        return from page in components
               from route in page.GetCustomAttributes<RouteAttribute>()
               from name in NamesOf(page).Concat(everywhere).Append("lang")
               select (route.Template, name);
    }

    static IEnumerable<string> NamesOf(Type component) =>
        component.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Select(p => (p.Name, Query: p.GetCustomAttribute<SupplyParameterFromQueryAttribute>()))
            .Where(p => p.Query is not null)
            .Select(p => p.Query!.Name ?? p.Name.ToLowerInvariant());

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Part();
}
