using System.Globalization;
using System.Reflection;
using System.Runtime.InteropServices;
using Actors.Engine.Drivers;
using Xunit;
using Xunit.Abstractions;
using static Actors.Engine.Tests.Faults.Bindings.KernelNames;

namespace Actors.Engine.Tests.Faults.Bindings;

/// <summary>Every number and every layout that the drivers share with the kernel, against its headers.</summary>
public sealed class BindingsSpec(ITestOutputHelper output)
{
    private const string Arm64Headers = "/usr/aarch64-linux-gnu/include";

    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly Type[] Types = typeof(FileEngine).Assembly.GetTypes();

    private static IEnumerable<(string Name, string Expression)> NamedConstants => Pairs(Constants).Concat(
        TypeOf("Errno").GetFields(All).Where(errno => errno.IsLiteral).Select(
            errno => (Name: $"Errno.{errno.Name}", Expression: errno.Name)));

    [Fact]
    public void No_constant_is_left_out()
    {
        var named = NamedConstants.Select(pair => pair.Name).Concat(OwnConstants.Split(' ')).ToHashSet();
        Assert.Empty(
            from type in named.Select(name => name.Split('.')[0]).Distinct().Select(TypeOf)
            from field in type.GetFields(All)
            where field.IsLiteral && !named.Contains($"{type.Name}.{field.Name}")
            select $"{type.Name}.{field.Name}");
    }

    [Fact]
    public void No_field_is_left_out() => Assert.Empty(
        from row in Layouts()
        from field in row.Type.GetFields(All)
        where !field.IsStatic && !field.IsLiteral && row.Fields.All(named => named.Name != field.Name)
        select $"{row.Type.Name}.{field.Name}");

    [SkippableFact]
    public async Task Constants_are_the_headers()
    {
        SkipUnlessX64OrArm64();
        var unknown = new List<string>();
        foreach (var name in NewNames)
        {
            if (!await CCompiler.KnowsAsync(Headers, name))
            {
                unknown.Add(name);
            }
        }

        var compared = NamedConstants.Where(pair => !unknown.Contains(pair.Expression)).ToList();
        var values = await CCompiler.ValuesAsync(Headers, compared.Select(pair => pair.Expression));
        Assert.Empty(
            from pair in compared
            let ours = ValueOf(pair.Name)
            where ours != values[pair.Expression]
            select $"{pair.Name} is {ours}, {pair.Expression} is {values[pair.Expression]}");
        output.WriteLine($"{compared.Count} constants compared; not in these headers: {string.Join(' ', unknown)}");
    }

    [SkippableFact]
    public async Task Layouts_are_the_headers()
    {
        SkipUnlessX64OrArm64();
        var rows = Layouts().ToList();
        var fields = rows.SelectMany(row => row.Fields.Select(
            field => (row.Type, field.Name, Expression: $"offsetof({row.CType},{field.CName})"))).ToList();
        var values = await CCompiler.ValuesAsync(
            Headers, rows.Select(row => $"sizeof({row.CType})").Concat(fields.Select(field => field.Expression)));
        Assert.Empty(
            from row in rows
            let ours = SizeOf(row.Type)
            where ours != values[$"sizeof({row.CType})"]
            select $"{row.Type.Name} has {ours} bytes, {row.CType} {values[$"sizeof({row.CType})"]}");
        Assert.Empty(
            from field in fields
            let ours = (long)Marshal.OffsetOf(field.Type, field.Name)
            where ours != values[field.Expression]
            select $"{field.Type.Name}.{field.Name} is at {ours}, {field.Expression} is {values[field.Expression]}");
        output.WriteLine($"{rows.Count} layouts, {fields.Count} fields compared");
    }

    [SkippableFact]
    public async Task Numbers_of_x64_are_the_headers()
    {
        Skip.If(RuntimeInformation.ProcessArchitecture != Architecture.X64, "the headers of an x64 machine");
        await CompareAsync(ProcessorNumbers.X64, Headers, [.. Pairs(SystemCallNumbers), .. Pairs(OpenFlags)]);
    }

    [SkippableFact]
    public Task System_calls_of_arm64_are_the_generic_ones() => CompareAsync(
        ProcessorNumbers.Arm64, "#include <stdio.h>\n#include <asm-generic/unistd.h>", [.. Pairs(SystemCallNumbers)]);

    [SkippableFact]
    public async Task Open_flags_of_arm64_are_its_own()
    {
        var native = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        Skip.IfNot(
            native || Directory.Exists(Arm64Headers),
            $"needs {Arm64Headers}, of the package linux-libc-dev-arm64-cross");
        var header = native ? "<fcntl.h>" : $"\"{Arm64Headers}/asm/fcntl.h\"";
        await CompareAsync(
            ProcessorNumbers.Arm64, $"#define _GNU_SOURCE\n#include {header}\n#include <stdio.h>",
            [.. Pairs(OpenFlags)]);
    }

    private static async Task CompareAsync(
        ProcessorNumbers numbers, string headers, IReadOnlyList<(string Name, string Expression)> named)
    {
        var values = await CCompiler.ValuesAsync(headers, named.Select(pair => pair.Expression));
        Assert.Empty(
            from pair in named
            let ours = (int)typeof(ProcessorNumbers).GetProperty(pair.Name)!.GetValue(numbers)!
            where ours != values[pair.Expression]
            select $"{pair.Name} is {ours}, {pair.Expression} is {values[pair.Expression]}");
    }

    private static void SkipUnlessX64OrArm64() => Skip.IfNot(
        OperatingSystem.IsLinux() && ProcessorNumbers.AreKnown, "bindings for x64 and arm64 Linux");

    private static IEnumerable<(string Name, string Expression)> Pairs(string lines) =>
        from line in lines.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        let parts = line.Split(' ', 2)
        select (parts[0], parts[1]);

    private static IEnumerable<(Type Type, string CType, (string Name, string CName)[] Fields)> Layouts() =>
        from pair in Pairs(Structs.Replace("\n  ", " ", StringComparison.Ordinal))
        let parts = pair.Expression.Split(": ")
        select (TypeOf(pair.Name), parts[0], parts[1].Split(' ').Select(field => field.Split('='))
            .Select(names => (names[0], names[1])).ToArray());

    private static Type TypeOf(string name) => Types.Single(
        type => type.FullName!.EndsWith($".{name}", StringComparison.Ordinal)
            && type.Namespace!.StartsWith("Actors.Engine", StringComparison.Ordinal));

    private static long ValueOf(string name)
    {
        var parts = name.Split('.');
        var value = TypeOf(parts[0]).GetField(parts[1], All)!.GetRawConstantValue()!;
        return value is ulong large ? (long)large : Convert.ToInt64(value, CultureInfo.InvariantCulture);
    }

    private static int SizeOf(Type type) => (int)typeof(Marshal).GetMethod(nameof(Marshal.SizeOf), 1, [])!
        .MakeGenericMethod(type).Invoke(null, null)!;
}
