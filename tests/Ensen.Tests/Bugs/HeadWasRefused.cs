using Ensen.Tests.Web;

namespace Ensen.Tests.Bugs;

/// <summary>HEAD was 405 everywhere, health included: monitors, link checkers and load balancers ask with it.</summary>
[Collection(nameof(ProductionNode))]
public sealed class HeadWasRefused(ProductionNode node)
{
    [Fact]
    public async Task HEAD_is_answered_as_GET_is_everywhere_and_without_a_body()
    {
        var complaints = new List<string>();
        foreach (var visit in node.Visits.All)
        {
            using var get = await node.Http.SendAsync(node.Visits.Request(visit.Who, visit.Address), TestContext.Current.CancellationToken);
            using var head = await node.Http.SendAsync(node.Visits.Request(visit.Who, visit.Address, HttpMethod.Head),
                TestContext.Current.CancellationToken);
            if (head.StatusCode != get.StatusCode
                || head.Content.Headers.ContentType?.ToString() != get.Content.Headers.ContentType?.ToString())
                complaints.Add($"{visit.Address}: HEAD {(int)head.StatusCode} {head.Content.Headers.ContentType}, GET {(int)get.StatusCode} {get.Content.Headers.ContentType}");
            (await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        }
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stream_has_no_HEAD()
    {
        foreach (var (who, stream, status) in ((Who, string, int)[])[(Who.Member, "/stream", 405), (Who.Till, "/till/stream", 405), (Who.Till, "/api/v1/till/events", 404)])
        {
            using var answer = await node.Http.SendAsync(node.Visits.Request(who, stream, HttpMethod.Head),
                TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).ShouldBe(status, stream);
        }
    }

    [Fact]
    public async Task A_file_and_an_answer_of_the_API_are_asked_for_too()
    {
        foreach (var (who, path, status) in ((Who, string, int)[])[(Who.RequestDevice, "/icon.svg", 200), (Who.Member, "/api/v1/wallet", 200), (Who.RequestDevice, "/nowhere", 404)])
        {
            using var answer = await node.Http.SendAsync(node.Visits.Request(who, path, HttpMethod.Head),
                TestContext.Current.CancellationToken);
            ((int)answer.StatusCode).ShouldBe(status, path);
        }
    }
}
