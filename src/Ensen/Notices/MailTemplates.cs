using System.Collections.Frozen;
using System.Reflection;
using Ensen.Basics;
using Fluid;

namespace Ensen.Notices;

/// <summary>
/// The mails as templates, a file for each mail and language (<c>Templates/signed-in.en.txt</c>): the subject in the first line, then an
/// empty line, then the text. A template that names a value which the mail does not have is an error, not a gap in the mail.
/// </summary>
static class MailTemplates
{
    const string Folder = "mails/";

    static readonly FluidParser s_parser = new();
    static readonly TemplateOptions s_strict = new() { StrictVariables = true, StrictFilters = true };
    static readonly FrozenDictionary<string, string> s_texts = ReadAll();
    static readonly FrozenDictionary<string, IFluidTemplate> s_templates =
        s_texts.ToFrozenDictionary(mail => mail.Key, mail => Parse(mail.Key, mail.Value));

    /// <summary>Every mail there is, as <c>signed-in.en</c>.</summary>
    public static IEnumerable<string> Names => s_templates.Keys;

    /// <summary>The mail in this language, with its values put in.</summary>
    /// <param name="mail">The name of its files, without the language: <c>signed-in</c>.</param>
    public static (string Subject, string Body) Render(string mail, Language language, IReadOnlyDictionary<string, string> values) =>
        Split(Fill(s_templates[$"{mail}.{language.Tag}"], values));

    /// <summary>What a mail is about: its subject, without the programme's name before it. Null: there is no such mail.</summary>
    public static string? About(string mail, Language language) =>
        s_texts.TryGetValue($"{mail}.{language.Tag}", out var text) && Split(text) is (var subject, _)
            ? subject[(subject.LastIndexOf("}}", StringComparison.Ordinal) + 2)..].TrimStart('】', ':', ' ') : null;

    /// <summary>The text of one template with the values put in.</summary>
    public static string Fill(IFluidTemplate template, IReadOnlyDictionary<string, string> values)
    {
        var context = new TemplateContext(s_strict);
        foreach (var (name, value) in values)
            context.SetValue(name, OnOneLine(value));
        // A mail is plain text: a name with an ampersand is written with an ampersand.
        return template.Render(context, NullEncoder.Default);
    }

    public static IFluidTemplate Parse(string name, string text) => s_parser.TryParse(text, out var template, out var error)
        ? template
        : throw new FormatException($"The mail {name} is no template: {error}");

    static (string, string) Split(string text)
    {
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        return (text[..end].Trim(), text[end..].Trim());
    }

    /// <summary>A value stays within its line: whatever a name or a device is called, it writes no lines of the mail.</summary>
    static string OnOneLine(string value) => string.Concat(value.Select(c => char.IsControl(c) || c is '\u2028' or '\u2029' ? ' ' : c));

    static FrozenDictionary<string, string> ReadAll()
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames()
            .Where(file => file.StartsWith(Folder, StringComparison.Ordinal))
            .Select(file => (Name: Path.GetFileNameWithoutExtension(file[Folder.Length..]), Text: Read(assembly, file)))
            .ToFrozenDictionary(mail => mail.Name, mail => mail.Text);
    }

    static string Read(Assembly assembly, string file)
    {
        using var text = new StreamReader(assembly.GetManifestResourceStream(file)!);
        return text.ReadToEnd();
    }
}
