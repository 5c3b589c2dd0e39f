using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Actors.Mutations;

/// <summary>
/// Puts the mutants of one source file behind <c>MutantSwitch.Is(n)</c>. Knows the syntax only, so some mutants do not
/// compile; they are named in the next try.
/// </summary>
/// <remarks>Where a mutant stands as an expression, the expression stands there twice, so one that declares a variable is
/// mutated by a constant before it. In the mutated text nothing else is mutated.</remarks>
internal sealed partial class Mutator : CSharpSyntaxRewriter
{
    private static readonly Dictionary<SyntaxKind, string> Operators = new()
    {
        [SyntaxKind.EqualsExpression] = "!=", [SyntaxKind.NotEqualsExpression] = "==",
        [SyntaxKind.LessThanExpression] = "<=", [SyntaxKind.LessThanOrEqualExpression] = "<",
        [SyntaxKind.GreaterThanExpression] = ">=", [SyntaxKind.GreaterThanOrEqualExpression] = ">",
        [SyntaxKind.LogicalAndExpression] = "||", [SyntaxKind.LogicalOrExpression] = "&&",
        [SyntaxKind.AddExpression] = "-", [SyntaxKind.SubtractExpression] = "+",
        [SyntaxKind.MultiplyExpression] = "/", [SyntaxKind.DivideExpression] = "*",
        [SyntaxKind.ModuloExpression] = "*",
        [SyntaxKind.BitwiseAndExpression] = "|", [SyntaxKind.BitwiseOrExpression] = "&",
        [SyntaxKind.LeftShiftExpression] = ">>", [SyntaxKind.RightShiftExpression] = "<<",
        [SyntaxKind.AddAssignmentExpression] = "-=", [SyntaxKind.SubtractAssignmentExpression] = "+=",
        [SyntaxKind.AndAssignmentExpression] = "|=", [SyntaxKind.OrAssignmentExpression] = "&=",
        [SyntaxKind.CoalesceAssignmentExpression] = "=",
    };

    private readonly string _file;
    private readonly Func<int> _number;
    private readonly HashSet<string> _dropped;

    /// <param name="file">The file's path from the root.</param>
    /// <param name="number">Gives the next number.</param>
    /// <param name="dropped">Keys of the mutants to leave out.</param>
    public Mutator(string file, Func<int> number, HashSet<string> dropped)
    {
        _file = file;
        _number = number;
        _dropped = dropped;
    }

    public List<Mutant> Mutants { get; } = [];

    /// <summary>What names a mutant from one try to the next.</summary>
    public static string KeyOf(Mutant mutant) => $"{mutant.File}|{mutant.Line}|{mutant.Column}|{mutant.Mutated}";

    /// <summary>The mutated text of a file.</summary>
    public string Mutate(string text) => Visit(ParseWithBlocks(text))!.ToFullString();

    // Members that are one statement get a block, which takes a condition; the lines stay where they are.
    private static SyntaxNode ParseWithBlocks(string text)
    {
        var root = CSharpSyntaxTree.ParseText(text).GetRoot();
        return root.ReplaceNodes(
            root.DescendantNodes().OfType<MethodDeclarationSyntax>().Where(
                method => method.ExpressionBody is not null && method.ReturnType.ToString() == "void"),
            (method, _) =>
            {
                var arrow = method.ExpressionBody!;
                var block = SyntaxFactory.ParseStatement(
                    $"{{{arrow.ArrowToken.TrailingTrivia.ToFullString()}{arrow.Expression.ToFullString()};}}");
                return method.WithExpressionBody(null).WithSemicolonToken(default)
                    .WithBody(((BlockSyntax)block).WithTrailingTrivia(method.SemicolonToken.TrailingTrivia));
            });
    }

    public override SyntaxNode? Visit(SyntaxNode? node)
    {
        if (node is null || IsLeftAlone(node))
        {
            return node;
        }

        var visited = base.Visit(node);
        return (node, visited) switch
        {
            (ExpressionStatementSyntax before, StatementSyntax after) => Statement(before, after),
            (ExpressionSyntax before, ExpressionSyntax after) => Expression(before, after),
            _ => visited,
        };
    }

    // Constants and patterns cannot be chosen at run time; texts for people and loggers are not tested word by word.
    private static bool IsLeftAlone(SyntaxNode node) => node switch
    {
        IdentifierNameSyntax => false,
        AttributeListSyntax or PatternSyntax or CaseSwitchLabelSyntax or EnumMemberDeclarationSyntax or TypeSyntax
            or ThrowStatementSyntax or ThrowExpressionSyntax or InterpolatedStringExpressionSyntax
            or UsingDirectiveSyntax or ParameterSyntax => true,
        FieldDeclarationSyntax field => field.Modifiers.Any(SyntaxKind.ConstKeyword),
        LocalDeclarationStatementSyntax local => local.IsConst,
        ArgumentSyntax argument => !argument.RefKindKeyword.IsKind(SyntaxKind.None),
        BaseObjectCreationExpressionSyntax made => Exceptions().IsMatch(made.ToString()),
        ArgumentListSyntax { Parent: InvocationExpressionSyntax call } =>
            Uninteresting().IsMatch(call.Expression.ToString()),
        LiteralExpressionSyntax { Parent: WhileStatementSyntax } => true,
        _ => false,
    };

    private SyntaxNode Statement(ExpressionStatementSyntax before, StatementSyntax after)
    {
        var text = before.Expression.ToString();
        if (Log().IsMatch(text) || Declares(before))
        {
            return after;
        }

        var variants = new List<string> { "" };
        switch (before.Expression)
        {
            case AssignmentExpressionSyntax assignment when Operators.TryGetValue(assignment.Kind(), out var other):
                variants.Add($"{assignment.Left} {other} {assignment.Right};");
                break;
            case PrefixUnaryExpressionSyntax { OperatorToken.Text: "++" or "--" } step:
                variants.Add($"{(step.OperatorToken.Text == "++" ? "--" : "++")}{step.Operand};");
                break;
            case PostfixUnaryExpressionSyntax { OperatorToken.Text: "++" or "--" } step:
                variants.Add($"{step.Operand}{(step.OperatorToken.Text == "++" ? "--" : "++")};");
                break;
        }

        var head = "";
        foreach (var variant in variants)
        {
            if (Add(before, variant) is { } id)
            {
                head += $"if (MutantSwitch.Is({id})) {{ {variant} }} else ";
            }
        }

        return head.Length == 0
            ? after
            : SyntaxFactory.ParseStatement($"{{ {head}{after.ToString()} }}").WithTriviaFrom(before);
    }

    private SyntaxNode Expression(ExpressionSyntax before, ExpressionSyntax after)
    {
        // No value is wanted here: these are statements.
        if (before.Parent is ExpressionStatementSyntax
            || (before.Parent is ForStatementSyntax loop && loop.Condition != before))
        {
            return after;
        }

        if (Declares(before))
        {
            if (!IsCondition(before))
            {
                return after;
            }

            // The variable is there when the condition holds, or when it does not.
            var never = !before.DescendantNodesAndSelf().OfType<UnaryPatternSyntax>().Any();
            return Add(before, never ? "false" : "true") is { } constant
                ? Parse(never ? $"(!MutantSwitch.Is({constant}) && ({after}))" : $"(MutantSwitch.Is({constant}) || ({after}))")
                : after;
        }

        var head = "";
        foreach (var variant in Variants(before))
        {
            if (Add(before, variant) is { } id)
            {
                head += $"MutantSwitch.Is({id}) ? {variant} : ";
            }
        }

        return head.Length == 0 ? after : Parse($"({head}{after})");

        SyntaxNode Parse(string text) => SyntaxFactory.ParseExpression(text).WithTriviaFrom(before);
    }

    private static IEnumerable<string> Variants(ExpressionSyntax node)
    {
        switch (node)
        {
            case BinaryExpressionSyntax binary when Operators.TryGetValue(binary.Kind(), out var other)
                && !binary.DescendantTokens().Any(token => token.IsKind(SyntaxKind.StringLiteralToken)
                    || token.IsKind(SyntaxKind.InterpolatedStringStartToken)):
                yield return $"{Operand(binary.Left, other)} {other} {Operand(binary.Right, other)}";
                break;
            case BinaryExpressionSyntax { OperatorToken.Text: "??" } fallback:
                if (fallback.Right is not ThrowExpressionSyntax)
                {
                    yield return $"{fallback.Right}";
                }

                break;
            case PrefixUnaryExpressionSyntax { OperatorToken.Text: "!" or "-" or "~" } unary:
                yield return $"{unary.Operand}";
                break;
            case PrefixUnaryExpressionSyntax { OperatorToken.Text: "++" or "--" } step:
                yield return $"{(step.OperatorToken.Text == "++" ? "--" : "++")}{step.Operand}";
                break;
            case PostfixUnaryExpressionSyntax { OperatorToken.Text: "++" or "--" } step:
                yield return $"{step.Operand}{(step.OperatorToken.Text == "++" ? "--" : "++")}";
                break;
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.TrueLiteralExpression):
                yield return "false";
                break;
            case LiteralExpressionSyntax literal when literal.IsKind(SyntaxKind.FalseLiteralExpression):
                yield return "true";
                break;
            case LiteralExpressionSyntax { Token.Value: int value }:
                yield return $"{value + 1}";
                break;
            case InvocationExpressionSyntax call when call.Expression.ToString() is "Math.Min" or "Math.Max":
                yield return $"Math.{(call.Expression.ToString() == "Math.Min" ? "Max" : "Min")}{call.ArgumentList}";
                break;
        }

        // Comparisons and the like have been negated above.
        if (IsCondition(node) && node is not (LiteralExpressionSyntax or PrefixUnaryExpressionSyntax)
            && node.Kind() is not (SyntaxKind.EqualsExpression or SyntaxKind.NotEqualsExpression))
        {
            yield return $"!({node})";
        }
    }

    private static string Operand(ExpressionSyntax operand, string other) =>
        operand is BinaryExpressionSyntax || other is "&&" or "||" ? $"({operand})" : $"{operand}";

    private static bool IsCondition(ExpressionSyntax node) => node.Parent switch
    {
        IfStatementSyntax or WhileStatementSyntax or DoStatementSyntax or WhenClauseSyntax or ForStatementSyntax => true,
        ConditionalExpressionSyntax choice => choice.Condition == node,
        ReturnStatementSyntax or ArrowExpressionClauseSyntax => node is IsPatternExpressionSyntax
            || MemberOf(node) is MethodDeclarationSyntax { ReturnType: PredefinedTypeSyntax { Keyword.Text: "bool" } }
                or PropertyDeclarationSyntax { Type: PredefinedTypeSyntax { Keyword.Text: "bool" } },
        BinaryExpressionSyntax { OperatorToken.Text: "&&" or "||" } => node is IsPatternExpressionSyntax,
        _ => false,
    };

    private static bool Declares(SyntaxNode node) => node.DescendantNodesAndSelf(
        inner => inner is not AnonymousFunctionExpressionSyntax).Any(
        inner => inner is SingleVariableDesignationSyntax { Identifier.Text: not "_" });

    private static MemberDeclarationSyntax? MemberOf(SyntaxNode node) =>
        node.FirstAncestorOrSelf<MemberDeclarationSyntax>();

    private int? Add(SyntaxNode node, string mutated)
    {
        var at = node.GetLocation().GetLineSpan().StartLinePosition;
        var member = MemberOf(node) switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            PropertyDeclarationSyntax property => property.Identifier.Text,
            ConstructorDeclarationSyntax => "constructor",
            FieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.Text,
            _ => "",
        };
        var mutant = new Mutant(
            0, _file, at.Line + 1, at.Character + 1, member, OneLine(node.ToString()),
            mutated.Length == 0 ? "(dropped)" : OneLine(mutated));
        if (_dropped.Contains(KeyOf(mutant)))
        {
            return null;
        }

        mutant = mutant with { Id = _number() };
        Mutants.Add(mutant);
        return mutant.Id;
    }

    private static string OneLine(string text) => Blanks().Replace(text.Trim(), " ");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^new \w*Exception\b")]
    private static partial Regex Exceptions();

    [GeneratedRegex(@"ConfigureAwait$|^nameof$|Exception\.\w+$|QueueUserWorkItem$")]
    private static partial Regex Uninteresting();

    [GeneratedRegex(@"\bLog\.|^Trace|GC\.SuppressFinalize")]
    private static partial Regex Log();
}
