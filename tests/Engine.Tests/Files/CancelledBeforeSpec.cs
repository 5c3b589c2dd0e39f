using System.Reflection;
using Actors.Engine.Tests.Scenario;
using Xunit;

namespace Actors.Engine.Tests.Files;

/// <summary>A token that is cancelled already: every call throws, and does nothing, also where it would have had nothing to
/// wait for.</summary>
public sealed class CancelledBeforeSpec
{
    [SkippableTheory]
    [MemberData(nameof(Backends.WithAuto), MemberType = typeof(Backends))]
    public Task Every_call_throws(string backend) => EngineScenario.RunAsync(backend, async scenario =>
    {
        var engine = scenario.Engine;
        var path = scenario.Given("a", "first\nsecond\nthird\n");
        await using var file = await engine.OpenAsync(path, OpenMode.ReadWrite);
        await using var reader = file.CreateReader();
        Assert.Equal("first", await reader.ReadLineAsync());
        await using var stream = file.AsStream();
        await using var reading = file.AsStream();
        await reading.ReadExactlyAsync(new byte[1]);
        await using var writer = await engine.OpenWriterAsync(scenario.PathOf("b"));
        var replacement = await engine.OpenReplacementAsync(scenario.PathOf("c"));
        var called = new HashSet<string>();
        foreach (var target in new object[] { engine, file, reader, stream, reading, writer, replacement })
        {
            foreach (var method in target.GetType().GetMethods().Where(TakesToken))
            {
                called.Add($"{target.GetType().Name}.{method.Name}");
                var failure = await Record.ExceptionAsync(() => CallAsync(method, target, scenario));
                Assert.True(failure is OperationCanceledException, $"{target.GetType().Name}.{method}: {failure}");
            }
        }

        Assert.Contains("FileEngineStream.FlushAsync", called);
        Assert.Contains("FileReader.ReadByteLinesAsync", called);
        Assert.True(called.Count > 40, $"{called.Count} calls");
        Assert.Equal((6, 0, 1, 0), (reader.Position, stream.Position, reading.Position, writer.Accepted));
        Assert.Equal("first\nsecond\nthird\n", scenario.ContentOf("a"));
        await replacement.DisposeAsync();
        Assert.Equal(["a", "b"], Directory.GetFiles(scenario.Directory).Select(Path.GetFileName).Order());
    });

    private static bool TakesToken(MethodInfo method) => method.DeclaringType!.Namespace == "Actors.Engine"
        && method.GetParameters().LastOrDefault()?.ParameterType == typeof(CancellationToken)
        && !method.GetParameters().Any(parameter => parameter.ParameterType.IsByRef);

    private static async Task CallAsync(MethodInfo method, object target, EngineScenario scenario)
    {
        var arguments = method.GetParameters().Select(parameter => ArgumentFor(parameter, scenario)).ToArray();
        var called = method.IsGenericMethodDefinition ? method.MakeGenericMethod(typeof(int)) : method;
        object? result;
        try
        {
            result = called.Invoke(target, arguments);
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }

        switch (result)
        {
            case Task task:
                await task;
                break;
            case ValueTask task:
                await task;
                break;
            case not null when result.GetType().GetMethod("AsTask") is { } asTask:
                await (Task)asTask.Invoke(result, null)!;
                break;
            case not null:
                await FirstOfAsync((dynamic)result);
                break;
        }
    }

    private static async Task FirstOfAsync<T>(IAsyncEnumerable<T> parts)
    {
        await foreach (var _ in parts)
        {
            return;
        }
    }

    private static object? ArgumentFor(ParameterInfo parameter, EngineScenario scenario)
    {
        var type = parameter.ParameterType;
        return type == typeof(CancellationToken) ? new CancellationToken(true)
            : type == typeof(string) ? scenario.PathOf(parameter.Name!)
            : type == typeof(Memory<byte>) ? new byte[10].AsMemory()
            : type == typeof(ReadOnlyMemory<byte>) ? new ReadOnlyMemory<byte>(new byte[10])
            : type == typeof(byte[]) ? new byte[10]
            : type == typeof(Stream) ? Stream.Null
            : type == typeof(IEnumerable<string>) ? Array.Empty<string>()
            : type == typeof(int) && parameter.Name is "count" or "bufferSize" ? 1
            : parameter.HasDefaultValue ? parameter.DefaultValue
            : type.IsValueType ? Activator.CreateInstance(type)
            : null;
    }
}
