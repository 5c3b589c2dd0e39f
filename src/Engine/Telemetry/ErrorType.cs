using System.Text.Json;

namespace Actors.Engine.Telemetry;

/// <summary>What OpenTelemetry calls <c>error.type</c>.</summary>
internal static class ErrorType
{
    public const string Key = "error.type";

    private static readonly string[] OfReasons =
        [.. Enum.GetNames<FailureReason>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    public static string Of(FailureReason reason) => OfReasons[(int)reason];

    public static string Of(Exception exception) =>
        exception is FileEngineException { Reason: var reason } ? Of(reason) : exception.GetType().FullName!;
}
