using System.Text.Json.Nodes;
using Ensen.Storage;
using Ensen.Tests.Support;

namespace Ensen.Tests.Api.Rights;

/// <summary>
/// Every operation of the OpenAPI document is tried by everybody whom it is not for, and every id in one by those whose it is not. A new
/// operation is tried from the day it is in the document; what the document does not tell of it is a fault.
/// </summary>
public class EveryOperationTests
{
    /// <summary>What a device makes anew each time no example can show; nor the call that confirms another telephone.</summary>
    const string AddPasskey = "POST /me/passkeys", ConfirmTelephone = "POST /me/telephone/confirmation";

    [Theory, BothEngines]
    public async Task Nobody_but_whom_the_contract_names_is_let_in_and_nothing_is_changed(Engine engine)
    {
        await using var cast = await Cast.On(engine);
        var faults = new List<string>();
        var operations = await Operation.All(cast.App);
        operations.Count.ShouldBeGreaterThan(70);

        foreach (var operation in operations.Where(o => !o.IsOpen))
        {
            if (operation.Callers.Length == 0 || operation.LacksExample)
            {
                faults.Add($"{operation.Name}: {(operation.LacksExample ? "the document has no example" : "the contract names nobody for it")}");
                continue;
            }
            await cast.Changed();
            foreach (var (who, token) in ((string, string?)[])[("nobody", null), ("a made-up token", "ensen_" + new string('A', 43)),
                ("a device that was thrown out", cast.ThrownOut)])
                Expect(operation, who, "401 unauthenticated", await operation.Ask(cast, token));
            foreach (var kind in Cast.Kinds.Except(operation.Callers))
                Expect(operation, kind, operation.IsGateways ? "401 unauthenticated" : "403 forbidden", await operation.Ask(cast, cast.Owner(kind)));
            if (operation.Callers.Contains("operator"))
                if (operation.Role is { } role)
                    Expect(operation, $"an operator without {role}", "403 forbidden", await operation.Ask(cast, cast.Without[role]));
                else
                    faults.Add($"{operation.Name}: any operator may, whatever the role");
            faults.AddRange((await cast.Changed()).Select(table => $"{operation.Name}: now there are {table}"));
        }

        foreach (var operation in operations.Where(o => !o.IsOpen && !o.IsGateways && o.Collection is null))
            foreach (var kind in operation.Callers)
                if (operation.Name != AddPasskey && Operation.InShort(await operation.Ask(cast, cast.Owner(kind))) is var answer
                    && answer is "401 unauthenticated" or "403 forbidden" or "404 not_found" or "400 invalid_request" or "400 key_required")
                    faults.Add($"{operation.Name}: the {kind} whom the contract names was answered {answer}");
        faults.ShouldBeEmpty();

        void Expect(Operation operation, string who, string answer, Reply reply)
        {
            if (Operation.InShort(reply) != answer)
                faults.Add($"{operation.Name}: {who} was answered {Operation.InShort(reply)}, not {answer}");
        }
    }

    [Theory, BothEngines]
    public async Task What_belongs_to_another_is_answered_as_what_there_is_not(Engine engine)
    {
        await using var cast = await Cast.On(engine);
        var faults = new List<string>();
        foreach (var operation in (await Operation.All(cast.App)).Where(o => o.Collection is not null))
        {
            if (await cast.Make(operation.Collection!) is not { } thing)
                continue;
            var unknown = thing.Id[..^4] + (thing.Id.EndsWith("0000", StringComparison.Ordinal) ? "1111" : "0000");
            foreach (var kind in operation.Callers)
            {
                if (kind != "operator")
                {
                    await cast.Changed();
                    var stranger = cast.Stranger(kind);
                    var (theirs, nothing) = (await operation.Ask(cast, stranger, thing.Id), await operation.Ask(cast, stranger, unknown));
                    if (theirs.Status != nothing.Status || theirs.Body != nothing.Body || Heads(theirs) != Heads(nothing))
                        faults.Add($"{operation.Name}: another {kind}'s is answered {theirs.Status} {theirs.Body}, nobody's {nothing.Status} {nothing.Body}");
                    if (Operation.InShort(theirs) != "404 not_found" && !(operation.TakesStepUp && Operation.InShort(theirs) == "403 step_up_required"))
                        faults.Add($"{operation.Name}: another {kind}'s is answered {Operation.InShort(theirs)}");
                    faults.AddRange((await cast.Changed()).Select(table => $"{operation.Name}: now there are {table}"));
                }
                var own = await operation.Ask(cast, thing.Owners[kind], thing.Id);
                if (Operation.InShort(own) is var answer && answer is "401 unauthenticated" or "403 forbidden" or "404 not_found"
                    && !(operation.NamesMore && answer == "404 not_found"))
                    faults.Add($"{operation.Name}: the {kind}'s own was answered {answer}");
            }
        }
        faults.ShouldBeEmpty();
    }

    [Theory, BothEngines]
    public async Task What_one_member_has_proven_is_nothing_for_another(Engine engine)
    {
        await using var cast = await Cast.On(engine);
        var faults = new List<string>();
        // The password last: afterwards nothing is proven with it any more.
        var operations = (await Operation.All(cast.App)).Where(o => o.TakesStepUp).OrderBy(o => o.Name == "PUT /me/password").ToList();
        var document = JsonNode.Parse(await cast.App.Http.GetStringAsync("/openapi/v1.json"))!;
        var proofs = new Dictionary<string, string>();
        foreach (var purpose in document["components"]!["schemas"]!["ChallengeBody"]!["properties"]!["purpose"]!["enum"]!.AsArray()
            .Select(p => p!.GetValue<string>()))
            if (await cast.Prove(purpose) is { } proof)
                proofs[purpose] = proof;
        operations.Count.ShouldBeGreaterThan(10);
        proofs.Count.ShouldBeGreaterThan(5);

        foreach (var operation in operations)
        {
            var id = operation.Collection is { } of ? (await cast.Make(of))?.Id : null;
            await cast.Changed();
            var without = await operation.Ask(cast, cast.Ren.Api.Token, id);
            if (without.Status < 300)
            {
                // A withdrawal takes a proof only to an account that is new.
                await cast.Changed();
                continue;
            }
            foreach (var (purpose, proof) in proofs)
                if (await operation.Ask(cast, cast.Ren.Api.Token, id, proof) is var with && with.Status != 429 && (with.Status, with.Body) != (without.Status, without.Body))
                    faults.Add($"{operation.Name}: another's proof for {purpose} is answered {Operation.InShort(with)}, none {Operation.InShort(without)}");
            faults.AddRange((await cast.Changed()).Select(table => $"{operation.Name}: now there are {table}"));
        }
        // The proofs were good ones: whoever gave them gets further with one of them, for each operation that asks.
        foreach (var operation in operations)
        {
            var asked = Operation.InShort(await operation.Ask(cast, cast.Aoi.Api.Token));
            if (asked != "403 step_up_required")
                continue;
            var opened = false;
            foreach (var (purpose, proof) in proofs.ToList())
            {
                if (Operation.InShort(await operation.Ask(cast, cast.Aoi.Api.Token, null, proof)) == asked)
                    continue;
                opened = true;
                if (operation != operations[^1])
                    proofs[purpose] = (await cast.Prove(purpose))!;
                break;
            }
            if (!opened && operation.Name != ConfirmTelephone)
                faults.Add($"{operation.Name}: no proof of the member's own opens it");
        }
        faults.ShouldBeEmpty();
    }

    static string Heads(Reply reply) => string.Join(", ", reply.Headers.Select(h => h.Key).Order(StringComparer.Ordinal));
}
