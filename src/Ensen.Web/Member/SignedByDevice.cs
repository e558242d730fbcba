using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Ensen.Access;
using Ensen.Members;
using Ensen.Web.Edge;
using Ensen.Web.Session;

namespace Ensen.Web.Members;

/// <summary>
/// Stands before the forms of what leaves a wallet. A session that was opened on a page is a cookie that could be stolen, so its browser
/// signs what it sends (js/device.js), and whoever cannot sign proves who they are (<see cref="StepUpAct"/>).
/// </summary>
static class SignedByDevice
{
    /// <summary>The fields that a script adds to a form. The signature is over all the others but the form's token.</summary>
    const string Number = "deviceNumber";
    const string Signature = "deviceSignature";
    const string Version = "ensen 1";

    /// <summary>Where a member whose browser was copied signs in again.</summary>
    const string CopiedPage = "/sign-in?told=DeviceCopied";

    /// <summary>A page's form: without a signature it leads to the proof, and back.</summary>
    public static RouteHandlerBuilder NeedsDevice(this RouteHandlerBuilder form, StepUpPurpose purpose) =>
        form.AddEndpointFilter((context, next) => OnPage(context, next, purpose));

    /// <summary>
    /// A page's form whose verb decides by itself what has to be proven: it asks whether anything shows already that it is the member
    /// (<see cref="MustProve"/>).
    /// </summary>
    public static RouteHandlerBuilder MayProve(this RouteHandlerBuilder form, StepUpPurpose purpose) =>
        form.AddEndpointFilter((context, next) => OnPage(context, next, purpose, letsThrough: true));

    /// <summary>Neither did the browser sign the form that is answered, nor is it a program's session.</summary>
    public static async Task<bool> MustProve(HttpContext http) => !http.Items.ContainsKey(typeof(SignedByDevice))
        && await Keys(http).BindingOf(http.Caller(), http.RequestAborted) != DeviceBinding.Program;

    static async ValueTask<object?> OnPage(
        EndpointFilterInvocationContext context, EndpointFilterDelegate next, StepUpPurpose purpose, bool letsThrough = false)
    {
        var http = context.HttpContext;
        if (SignatureOf(http.Request.Form) is { } signed
            && await Keys(http).BindingOf(http.Caller(), http.RequestAborted) == DeviceBinding.WithKey)
            switch (await Keys(http).Judge(http.Caller().Session, signed, Text(http.Request, signed.Number), http.RequestAborted))
            {
                case DeviceVerdict.Right:
                    http.Items[typeof(SignedByDevice)] = true;
                    return await next(context);
                case DeviceVerdict.Copied:
                    await http.RequestServices.GetRequiredService<CopiedDevice>().SignOut(http.Caller(), RequestDevice.DeviceOf(http));
                    return http.Answer(FormAnswer.RefusedAt(CopiedPage));
            }
        return letsThrough || await ByProgram.IsAllowed(http, purpose) ? await next(context)
            : http.Answer(FormAnswer.RefusedAt(StepUpAct.AddressOf(http, purpose, Typed(http))));
    }

    /// <summary>What the browser signed: where it is sent, the number, and each field of the form, in the order of names.</summary>
    static string Text(HttpRequest request, long number)
    {
        var text = new StringBuilder(string.Create(CultureInfo.InvariantCulture,
            $"{Version}\n{request.PathBase}{request.Path}\n{number}\n"));
        var fields = from field in request.Form
                     where field.Key is not (['_', ..] or Number or Signature)
                     from value in field.Value
                     select (field.Key, Value: value ?? "");
        foreach (var (name, value) in fields.OrderBy(f => f.Key, StringComparer.Ordinal).ThenBy(f => f.Value, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"{name.Length}:{name}{value.Length}:{value}");
        return text.ToString();
    }

    static DeviceSignature? SignatureOf(IFormCollection form) =>
        long.TryParse(form[Number], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && form[Signature].ToString() is { Length: > 0 and <= 100 } text && Base64Url.IsValid(text)
            ? new DeviceSignature(number, Base64Url.DecodeFromChars(text)) : null;

    /// <summary>The form as it was typed.</summary>
    public static Dictionary<string, string> Typed(HttpContext http)
    {
        var fields = SentBack.Typed(http);
        fields.Remove(Number);
        fields.Remove(Signature);
        return fields;
    }

    static DeviceKeys Keys(HttpContext http) => http.RequestServices.GetRequiredService<DeviceKeys>();
}
