using System.Text.Json.Nodes;
using Ensen.Basics;
using Ensen.Gateways;
using Ensen.Rewards;
using Ensen.Sandbox.Gateways;
using Ensen.Ui;

namespace Ensen.Sandbox.Api;

/// <summary>A reward for the catalogue; <paramref name="UseOn"/>: the day it is for.</summary>
sealed record SandboxRewardBody(string Title, long Points, long Yen = 0, long? WorthYen = null, long Stock = 100, string? UseOn = null);

sealed record SandboxRewardAnswer(string RewardId);

sealed record SandboxRewardUseBody(string OrderId);

sealed record SandboxRewardUseAnswer(bool Used);

/// <summary>
/// How the partner takes its next orders: <c>accept</c>, <c>refuse</c>, <c>late</c>, <c>late_refuse</c>, <c>time_out</c>, <c>lost</c> or
/// <c>twice</c>.
/// </summary>
sealed record SandboxPartnerBody(string Answer, int Times = 1, int Seconds = 2);

sealed record SandboxPartnerAnswer(string Answer, int Times);

/// <summary>Plays the partner who issues rewards, and fills the catalogue.</summary>
sealed class SandboxRewardsApi(SandboxGateways world, KeepRewards rewards)
{
    static readonly (string Answer, FaultMode Mode)[] s_answers =
    [
        ("accept", FaultMode.Accept), ("refuse", FaultMode.Refuse), ("late", FaultMode.LateAccept), ("late_refuse", FaultMode.LateRefuse),
        ("time_out", FaultMode.TimeOutThenAccept), ("lost", FaultMode.Lost), ("twice", FaultMode.Twice),
    ];

    public static void Map(ISandboxEndpoints api)
    {
        api.Post<SandboxRewardBody, SandboxRewardAnswer>(
            "/rewards",
            new("makeReward", "Puts a reward into the catalogue.",
                Example: new JsonObject { ["title"] = "環状線一日券", ["points"] = 500, ["worthYen"] = 900, ["stock"] = 10 }),
            (context, asked, ct) => Of(context).Make(asked, ct));
        api.Post<SandboxRewardUseBody, SandboxRewardUseAnswer>(
            "/reward-uses",
            new("useReward", "Uses what was issued for an order. Used: there was something to use.",
                Example: new JsonObject { ["orderId"] = "rwo_01m7zzf3wkf3sbtpmq2dxjb7rd" }),
            (context, asked, ct) => Of(context).Use(asked, ct));
        api.Post<SandboxPartnerBody, SandboxPartnerAnswer>(
            "/reward-partner",
            new("setRewardPartner", "How the partner takes its next orders and cancellations: accept, refuse, late, late_refuse, time_out, "
                + "lost or twice.",
                Example: new JsonObject { ["answer"] = "refuse", ["times"] = 1 }),
            (context, asked, ct) => Of(context).Set(asked, ct));
    }

    static SandboxRewardsApi Of(HttpContext context) => context.RequestServices.GetRequiredService<SandboxRewardsApi>();

    async Task<SandboxAnswer<SandboxRewardAnswer>> Make(SandboxRewardBody asked, CancellationToken ct)
    {
        JapanDay? use = null;
        if (asked.UseOn is { } text)
            if (JapanDay.TryParse(text, out var day))
                use = day;
            else
                return new(null, "invalid_request");
        var made = await rewards.Make(new NewReward(
            asked.Title, asked.Title, asked.Points, asked.Yen, asked.WorthYen ?? asked.Points + asked.Yen, asked.Stock, use), ct: ct);
        return made.Accepted ? new(new SandboxRewardAnswer(made.Value.Id.ToString()))
            : new(null, made.Refusal == KeepRewardsRefusal.InvalidAmount ? "invalid_amount" : "invalid_request");
    }

    async Task<SandboxAnswer<SandboxRewardUseAnswer>> Use(SandboxRewardUseBody asked, CancellationToken ct) =>
        Id.TryParse(asked.OrderId, out RewardOrderId id)
            ? new(new SandboxRewardUseAnswer(await world.Rewards.Use(id, ct)))
            : new(null, "not_found");

    async Task<SandboxAnswer<SandboxPartnerAnswer>> Set(SandboxPartnerBody asked, CancellationToken ct)
    {
        if (Array.Find(s_answers, a => a.Answer == asked.Answer) is not { Answer: not null } known || asked.Times is < 0 or > 100
            || asked.Seconds is < 0 or > 3_600)
            return new(null, "invalid_request");
        await world.Moods.Set(Gateway.Rewards, known.Mode, asked.Times, TimeSpan.FromSeconds(asked.Seconds), ct);
        return new(new SandboxPartnerAnswer(asked.Answer, asked.Times));
    }
}
