// n8n's own configuration for community nodes that need no cloud support, put together from the same plugins: @n8n/node-cli,
// which holds it, would bring 700 MB of tools into every clone. What differs is told in docs/decisions/0007-n8n-lint-rules.md.
import js from '@eslint/js';
import { n8nCommunityNodesPlugin as community } from '@n8n/eslint-plugin-community-nodes';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import n8nNodesBase from 'eslint-plugin-n8n-nodes-base';
import tseslint from 'typescript-eslint';

const n8nRules = community.configs.recommendedWithoutN8nCloudSupport;

export default tseslint.config(
	{ ignores: ['dist', '.cache', 'demo/out', 'coverage'] },
	{
		files: ['**/*.ts'],
		extends: [js.configs.recommended, tseslint.configs.recommended, importX.flatConfigs.recommended],
		settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
		rules: {
			'no-console': 'error',
			'@typescript-eslint/no-explicit-any': 'error',
			'@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_$' }],
			'import-x/no-cycle': 'error',
		},
	},
	{ files: ['nodes/**/*.ts', 'credentials/**/*.ts'], extends: [n8nRules] },
	{
		plugins: { 'n8n-nodes-base': n8nNodesBase },
	},
	{
		files: ['package.json'],
		extends: [n8nRules],
		rules: {
			...n8nNodesBase.configs.community.rules,
			// Speech models, ffmpeg and S3 are what this package is for: it is self-hosted by nature, and installs what it needs.
			'@n8n/community-nodes/no-runtime-dependencies': 'off',
		},
		languageOptions: { parser: tseslint.parser, parserOptions: { extraFileExtensions: ['.json'] } },
	},
	{
		files: ['credentials/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.credentials.rules,
			// Both off in n8n's own configuration, too. The first wants the name of a page of n8n's own docs, where a community node gives an
			// address; the second takes Key Prefix, a folder in a bucket, for a secret, and credential-password-field above watches those.
			'n8n-nodes-base/cred-class-field-documentation-url-miscased': 'off',
			'n8n-nodes-base/cred-class-field-type-options-password-missing': 'off',
		},
	},
	{
		files: ['nodes/**/*.ts'],
		rules: {
			...n8nNodesBase.configs.nodes.rules,
			// Both off in n8n's own configuration, too. They want the literal 'main', where n8n's newer node-connection-type-literal above demands NodeConnectionTypes.Main.
			'n8n-nodes-base/node-class-description-inputs-wrong-regular-node': 'off',
			'n8n-nodes-base/node-class-description-outputs-wrong': 'off',
		},
	},
	{
		files: ['nodes/StorageTools/*.ts'],
		rules: {
			// All three are about n8n's own credential `s3`, which a user may choose there: docs/decisions/0006-n8n-s3-credential.md
			'@n8n/community-nodes/no-credential-reuse': 'off',
			'@n8n/community-nodes/valid-credential-references': 'off',
			'n8n-nodes-base/node-class-description-credentials-name-unsuffixed': 'off',
		},
	},
);
