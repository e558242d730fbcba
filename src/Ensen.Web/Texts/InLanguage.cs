using System.Resources;
using Ensen.Basics;

namespace Ensen.Web.Texts;

/// <summary>One text in a language that is not the page's: what is printed in two.</summary>
static class InLanguage
{
    public static string Of<TWords>(string key, Language language) =>
        new ResourceManager(typeof(TWords)).GetString(key, language.Culture)
            ?? throw new MissingManifestResourceException($"There is no {key} in {language.Tag}.");
}
