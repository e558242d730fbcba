using Ensen.Ui;
using Microsoft.Extensions.Localization;

namespace Ensen.Web.Texts;

/// <summary>
/// The texts of an area, and behind them the words that areas share: a page asks for what it says, wherever that is written. The texts
/// are files beside this one, <c>TillWords.resx</c> in Japanese and one more for each language.
/// </summary>
sealed class AreaTexts<TArea>(IStringLocalizerFactory files) : IStringLocalizer<TArea>
{
    readonly IStringLocalizer _own = files.Create(typeof(TArea));
    readonly IStringLocalizer _shared = files.Create(typeof(Words));

    public LocalizedString this[string name] => Of(name)[name];

    public LocalizedString this[string name, params object[] arguments] => Of(name)[name, arguments];

    public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
        _own.GetAllStrings(includeParentCultures).Concat(_shared.GetAllStrings(includeParentCultures));

    IStringLocalizer Of(string name) => _own[name].ResourceNotFound ? _shared : _own;
}

static class TextsSetup
{
    public static void AddTexts(this IServiceCollection services)
    {
        services.AddLocalization();
        services.AddTransient(typeof(IStringLocalizer<>), typeof(AreaTexts<>));
        services.AddSingleton<Refusals>();
        services.AddSingleton<Counters.PointTillSays>();
        services.AddSingleton<Rooms.SpendingPlaces>();
        services.AddSingleton<Edge.LowCapsTold>().AddSingleton<Edge.LeavingTold>();
    }
}
